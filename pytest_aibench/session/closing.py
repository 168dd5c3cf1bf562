"""What the user reads at the end of a run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from pytest_aibench.report.decision import decision_lines
from pytest_aibench.report.github import annotation, in_github_actions
from pytest_aibench.report.terminal import lm_eval_lines, summary_lines, write_lines

if TYPE_CHECKING:
    from pytest_aibench.lm_eval.run import LmEvalRun
    from pytest_aibench.session.controller import Controller

__all__ = ["write_closing"]

LOST_SHOWN = 5


def write_closing(controller: Controller, reporter: Any) -> None:
    """The table of scores, what is missing, and where the reports lie."""
    if controller.summary is None:
        return
    reporter.write_sep("=", "aibench")
    writer = reporter._tw
    width = min(writer.fullwidth, 120)
    plain = "utf" not in (getattr(writer._file, "encoding", None) or "utf-8").lower()
    if controller.summary.benchmarks:
        write_lines(writer, summary_lines(controller.summary, width, plain))
    write_lines(writer, lm_eval_lines(controller.summary.lm_eval, plain))
    for reason in _why_no_scores(controller.lm_eval):
        reporter.write_line(f" INCOMPLETE: {reason}", red=True, bold=True)
    for nodeid in controller.lost[:LOST_SHOWN]:
        reporter.write_line(f"  not reported: {nodeid}")
    write_lines(writer, decision_lines(controller.decision, width, plain))
    for warning in controller.warnings:
        reporter.write_line(f"warning: {warning}", yellow=True)
    told = annotation(controller.decision) if in_github_actions(os.environ) else None
    if told:
        reporter.write_line(told)
    for label, path in controller.written.items():
        reporter.write_line(f"{label}: {path}")


def _why_no_scores(tasks: LmEvalRun | None) -> tuple[str, ...]:
    return () if tasks is None else (*tasks.incomplete, *tasks.invalid)
