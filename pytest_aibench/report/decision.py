"""The gate's decision on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_aibench.report.lm_eval_tables import CHANGE_HEADER, change_rows, columns
from pytest_aibench.report.terminal import Line, Segment, to_ascii
from pytest_aibench.report.text import wrap
from pytest_aibench.scoring.gate import Decision, Finding, Outcome

__all__ = ["TITLES", "decision_lines"]

INDENT = "   "
TITLES = {
    Outcome.GOOD: "gate passed",
    Outcome.FAILED: "gate failed",
    Outcome.INVALID: "run incomplete or invalid",
    Outcome.BUDGET: "ended by its budget",
}
_MARKS = {
    Outcome.GOOD: ("✓", "green"),
    Outcome.FAILED: ("✗", "red"),
    Outcome.INVALID: ("!", "yellow"),
    Outcome.BUDGET: ("!", "yellow"),
}


def decision_lines(decision: Decision, width: int = 80, ascii_only: bool = False) -> list[Line]:
    """The decision, each finding, the gravest first, and what became of lm-eval's metrics; nothing
    where nothing was decided."""
    if not decision.findings:
        return []
    style = _MARKS[decision.outcome][1]
    code = f" (exit code {decision.exit_code()})" if decision.exit_code() else ""
    lines = [[Segment(f" {TITLES[decision.outcome]}", f"bold {style}"), Segment(code, "light")]]
    for finding in sorted(decision.findings, key=_gravity, reverse=True):
        lines += _finding_lines(finding, width)
    if decision.metrics:
        rows = columns(CHANGE_HEADER, change_rows(decision.metrics))
        lines += [[Segment(INDENT + text)] for text in rows]
    return [to_ascii(line) for line in lines] if ascii_only else lines


def _gravity(finding: Finding) -> int:
    return finding.outcome.exit_code


def _finding_lines(finding: Finding, width: int) -> Iterator[Line]:
    mark, style = _MARKS[finding.outcome]
    text = wrap(str(finding).split(), width - len(INDENT) - 2, " ")
    for i, line in enumerate(text):
        lead = Segment(f"{INDENT}{mark} ", style) if i == 0 else Segment(f"{INDENT}  ")
        yield [lead, Segment(line)]
