"""The line that shows how a run goes, on pytest's terminal."""

from __future__ import annotations

import pytest

from pytest_aibench.report.progress import Progress

__all__ = ["open_progress"]


def open_progress(config: pytest.Config, samples: int) -> Progress:
    """A started progress display: a live line on a terminal, plain lines elsewhere."""
    writer = config.get_terminal_writer()
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.ensure_newline()
    progress = Progress(writer._file, live=bool(reporter and reporter.isatty()))
    progress.start(samples)
    return progress
