"""What readers of our files rely on does not change unseen."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.report.decision import decision_lines
from pytest_aibench.report.jsonfile import to_json
from pytest_aibench.report.load import load_summary
from pytest_aibench.report.markdown import summary_markdown
from pytest_aibench.report.terminal import Line, summary_lines
from pytest_aibench.scoring.summary import Summary
from tests.unit.report.golden_run import AFTER, BEFORE, ERRORS, decision

FOLDER = Path(__file__).parent / "golden"
SUMMARIES = {"before": BEFORE, "after": AFTER, "errors": ERRORS}


def check(name: str, text: str) -> None:
    """Compare with the golden file; AIBENCH_UPDATE_GOLDEN=1 writes it instead, for review."""
    path = FOLDER / name
    if os.environ.get("AIBENCH_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def text(lines: list[Line]) -> str:
    return "".join("".join(segment.text for segment in line) + "\n" for line in lines)


@pytest.mark.parametrize("name", SUMMARIES)
def test_summary_json(name: str) -> None:
    check(f"{name}.json", to_json(SUMMARIES[name].to_dict()))


def test_decision_json() -> None:
    check("decision.json", json.dumps(decision().to_dict(), indent=2) + "\n")


def test_markdown_with_a_decision() -> None:
    check("decision.md", summary_markdown(AFTER, decision()))


def test_markdown_of_errors() -> None:
    check("errors.md", summary_markdown(ERRORS))


@pytest.mark.parametrize("width", [50, 80, 120])
def test_terminal(width: int) -> None:
    shown: Summary = AFTER
    lines = [*summary_lines(shown, width), *decision_lines(decision(), width)]
    check(f"terminal-{width}.txt", text(lines))


def test_terminal_of_errors_in_ascii() -> None:
    check("errors-ascii.txt", text(summary_lines(ERRORS, 80, ascii_only=True)))


RELEASED = Path(__file__).parent / "released"


@pytest.mark.parametrize("path", sorted(RELEASED.glob("*.json")), ids=lambda path: path.name)
def test_what_earlier_versions_wrote_is_read(path: Path) -> None:
    """These files are never regenerated: later versions add members, and change none."""
    released, now = load_summary(path), BEFORE.to_dict()
    assert released.benchmarks == BEFORE.benchmarks
    assert released.run == BEFORE.run
    assert missing(json.loads(path.read_text()), now) == []


def missing(old: dict[str, Any], new: dict[str, Any], where: str = "") -> list[str]:
    """Members of `old` that `new` lacks or has with another value."""
    found = []
    for key, value in old.items():
        if isinstance(value, dict) and isinstance(new.get(key), dict):
            found += missing(value, new[key], f"{where}{key}.")
        elif key not in new or new[key] != value:
            found.append(f"{where}{key}")
    return found
