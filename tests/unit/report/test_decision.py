from __future__ import annotations

import pytest

from pytest_aibench.report.decision import decision_lines
from pytest_aibench.report.terminal import Line
from pytest_aibench.scoring.gate import Decision, Finding, Outcome


def text(lines: list[Line]) -> list[str]:
    return ["".join(segment.text for segment in line) for line in lines]


@pytest.mark.parametrize(
    ("outcome", "title"),
    [
        (Outcome.GOOD, " gate passed"),
        (Outcome.FAILED, " gate failed (exit code 10)"),
        (Outcome.INVALID, " run incomplete or invalid (exit code 11)"),
        (Outcome.BUDGET, " ended by its budget (exit code 12)"),
    ],
)
def test_the_title_says_what_was_decided(outcome: Outcome, title: str) -> None:
    assert text(decision_lines(Decision((Finding("r", outcome, "m"),))))[0] == title


def test_the_gravest_finding_comes_first() -> None:
    findings = tuple(Finding("r", o, str(o), "b") for o in Outcome)
    lines = text(decision_lines(Decision(findings)))
    assert lines[1:] == ["   ! b: budget", "   ! b: invalid", "   ✗ b: failed", "   ✓ b: good"]


def test_long_findings_are_wrapped() -> None:
    lines = text(decision_lines(Decision((Finding("r", Outcome.FAILED, "word " * 40),)), 40))
    assert max(map(len, lines[1:])) <= 40
    assert lines[2].startswith("     word")


def test_ascii_terminals_get_ascii() -> None:
    finding = Finding("r", Outcome.FAILED, "naïve")
    assert text(decision_lines(Decision((finding,)), ascii_only=True))[1] == "   x na\\xefve"


def test_nothing_decided_is_nothing_shown() -> None:
    assert decision_lines(Decision()) == []
