"""The page, looked at in a real headless Chromium."""

from __future__ import annotations

import random
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.report import html
from pytest_aibench.report.html import write_page
from pytest_aibench.scoring.summary import Summary, build_summary
from pytest_aibench.scoring.tally import Tally
from tests.unit.report.browser import Browser, missing
from tests.unit.report.golden_run import AFTER, ERRORS, RUN, decision

WILD = "</script><script>document.title='pwned'</script><img src=x onerror=document.title='pwned'>"
KINDS = [VerdictKind.PASSED, VerdictKind.WRONG_ANSWER, VerdictKind.TIMEOUT, None]


def run(problems: int, n: int, size: int) -> tuple[Summary, Iterator[dict[str, Any]]]:
    """A run whose replies are `size` characters that do not compress well."""
    tally = Tally()
    source = random.Random(3)
    records = [
        SampleRecord("b&<>", f"P/{p}", s, KINDS[(p + s) % 4], detail=WILD, error=WILD)
        for p in range(problems)
        for s in range(n)
    ]
    for record in records:
        tally.add(record)

    def rows() -> Iterator[dict[str, Any]]:
        for record in records:
            text = "".join(source.choices("abcdefghij (\n", k=size))
            bulk = {
                "reply": {"text": f"{WILD}{text}"},
                "solution": text,
                "stderr": "\x1b[31m\ud800",
            }
            yield {**record.to_dict(), **bulk, "prompt": f"def {record.problem}", "at": 1.0}

    return build_summary(tally, RUN, (1,)), rows()


class Tags(HTMLParser):
    """Which elements are open at the end, and what the page wants from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in {"meta", "input", "br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("summary", [AFTER, ERRORS], ids=["after", "errors"])
def test_the_page_is_well_formed_and_wants_nothing_from_elsewhere(
    tmp_path: Path, summary: Summary
) -> None:
    write_page(tmp_path / "page.html", summary, decision=decision())
    tags = Tags()
    tags.feed((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert tags.open == []
    assert all(link.startswith("#/") for link in tags.links)


def test_a_failed_write_keeps_the_old_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("old")
    with pytest.raises(KeyError):
        write_page(page, AFTER, [{"no": "keys"}])
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    assert page.read_text() == "old"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if reason := missing():
        pytest.skip(reason)
    with Browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    summary, rows = run(problems=6, n=8, size=200)
    write_page(path, summary, rows, decision())
    return path


TITLE = "document.getElementById('title').textContent"
OPEN = "document.querySelector('#samples [aria-current]').textContent"


def test_a_click_opens_a_problem_and_a_sample(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert browser.script("return document.querySelectorAll('#problems button').length") == 6
    browser.script("document.querySelectorAll('#problems button')[2].click()")
    browser.wait(f"{TITLE} === 'P/2: 2 of 6 passed'")
    assert browser.script("return document.querySelectorAll('#samples button').length") == 8
    browser.script("document.querySelectorAll('#samples button')[1].click()")
    browser.wait(f"{OPEN} === '1'")
    names = browser.script(
        "return [...document.querySelectorAll('#detail summary')].map(e => e.textContent)"
    )
    assert names == ["What happened", "Error output", "Extracted code", "Reply", "Prompt"]
    assert browser.errors() == []


def test_what_a_model_wrote_is_text_and_never_page(browser: Browser, page: Path) -> None:
    browser.open(page, "#/b%26%3C%3E/P%2F1/2")
    browser.wait(f"{TITLE}.startsWith('P/1')")
    pre = "[...document.querySelectorAll('#detail pre')].map(e => e.textContent)"
    shown = browser.script(f"return {pre}.filter(t => t.includes('pwned')).join('')")
    assert WILD in shown
    assert browser.script("return document.title") == "openai/some|model · pytest-aibench"
    assert browser.script("return document.querySelectorAll('img').length") == 0


def test_a_link_opens_its_sample(browser: Browser, page: Path) -> None:
    browser.open(page, "#/b%26%3C%3E/P%2F4/5")
    browser.wait(f"{TITLE}.startsWith('P/4') && {OPEN} === '5'")


def test_the_keyboard_goes_everywhere(browser: Browser, page: Path) -> None:
    browser.open(page, "#/b%26%3C%3E/P%2F0/0")
    browser.wait(f"{TITLE}.startsWith('P/0')")
    browser.press("j")
    browser.wait(f"{TITLE}.startsWith('P/1')")
    browser.press("l")
    browser.wait(f"{OPEN} === '1'")
    browser.press("h")
    browser.wait(f"{OPEN} === '0'")
    browser.press("k")
    browser.wait(f"{TITLE}.startsWith('P/0')")
    browser.press("/")
    browser.press("3")
    browser.wait("document.querySelectorAll('#problems button').length === 1")


def test_problems_are_found_by_verdict_and_ordered_by_difficulty(
    browser: Browser, page: Path
) -> None:
    browser.open(page)
    choose = (
        "const e = document.getElementById('{}'); e.value = '{}';"
        "e.dispatchEvent(new Event('input'));"
        "return [...document.querySelectorAll('#problems .of')].map(e => e.textContent)"
    )
    assert browser.script(choose.format("kind", "timeout")) == ["2/6"] * 6
    assert browser.script(choose.format("order", "hardest")) == ["2/6"] * 6
    assert browser.script(choose.format("find", "P/5")) == ["2/6"]


@pytest.mark.parametrize(("width", "dark"), [(420, True), (1200, False)])
def test_phone_and_dark_fit(page: Path, width: int, dark: bool) -> None:
    if reason := missing():
        pytest.skip(reason)
    with Browser(width=width, dark=dark) as browser:
        browser.open(page, "#/b%26%3C%3E/P%2F1/2")
        browser.wait(f"{TITLE}.startsWith('P/1')")
        wide = browser.script("return document.documentElement.scrollWidth - innerWidth")
        ground = browser.script("return getComputedStyle(document.body).backgroundColor")
        assert wide <= 0
        assert ground == ("rgb(18, 22, 28)" if dark else "rgb(255, 255, 255)")


def test_32800_samples_open_without_being_drawn(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    summary, rows = run(problems=164, n=200, size=600)
    write_page(page, summary, rows)
    assert page.stat().st_size > 5_000_000
    browser.open(page, "#/b%26%3C%3E/P%2F163/199")
    browser.wait(f"{TITLE}.startsWith('P/163') && {OPEN} === '199'")
    assert browser.script("return document.querySelectorAll('*').length") < 3_000


def test_every_verdict_kind_has_a_colour() -> None:
    style = (Path(html.__file__).parent / "page" / "page.css").read_text()
    missing = [kind for kind in [*VerdictKind, "unmeasured"] if f"--{kind}:" not in style]
    assert missing == []


def test_warnings_are_shown_as_text(tmp_path: Path) -> None:
    write_page(tmp_path / "page.html", ERRORS)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<li>all replies to 3 problems are &lt;the same&gt;</li>" in page
