"""What the user reads at the end of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_aibench.report.terminal import summary_lines, write_lines

if TYPE_CHECKING:
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
    write_lines(writer, summary_lines(controller.summary, width))
    for nodeid in controller.lost[:LOST_SHOWN]:
        reporter.write_line(f"  not reported: {nodeid}")
    for reason in controller.invalid:
        reporter.write_line(f"invalid: {reason}", red=True)
    for label, path in controller.written.items():
        reporter.write_line(f"{label}: {path}")
