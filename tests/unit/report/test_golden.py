"""What readers of our files rely on does not change unseen."""

from __future__ import annotations

import json

import pytest

from pytest_aibench.report.decision import decision_lines
from pytest_aibench.report.jsonfile import to_json
from pytest_aibench.report.markdown import summary_markdown
from pytest_aibench.report.terminal import Line, summary_lines
from pytest_aibench.scoring.summary import Summary
from tests.unit.report.golden_run import AFTER, BEFORE, ERRORS, check, decision

SUMMARIES = {"before": BEFORE, "after": AFTER, "errors": ERRORS}


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
