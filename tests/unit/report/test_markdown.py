from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pytest_aibench.report.markdown import escape, summary_markdown
from pytest_aibench.scoring.summary import RunInfo, build_summary
from pytest_aibench.scoring.tally import Tally

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
def test_wild_text_is_shown_as_it_is(wild: str) -> None:
    rendered = MARKDOWN.render(f"x {escape(wild)} x").strip()
    plain = " ".join(f"x {wild} x".split())
    for code, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        rendered = rendered.replace(code, character)
    assert " ".join(rendered.removeprefix("<p>").removesuffix("</p>").split()) == plain


@pytest.mark.parametrize("name", ["a|b", "<img src=x>", "`", "a\nb"])
def test_no_name_breaks_out_of_its_cell(name: str) -> None:
    tally = Tally()
    tally.declare(name, ["p"], planned=1)
    rendered = MARKDOWN.render(summary_markdown(build_summary(tally, RunInfo(name, name), (1,))))
    assert rendered.count("<table>") == 2
    assert "<img" not in rendered
    assert {row.count("<td") for row in rendered.split("<tr>")[2:3]} == {3}
