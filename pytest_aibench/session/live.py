"""The line that shows how a run goes, on pytest's terminal."""

from __future__ import annotations

from functools import cached_property

import pytest

from pytest_aibench.records import SampleRecord
from pytest_aibench.report.progress import Progress

__all__ = ["Live"]


class Live:
    """A live line on a terminal, plain lines elsewhere; begins with the first sample.

    Not earlier: xdist's own status line stands there until its workers have collected.
    """

    def __init__(self, config: pytest.Config, samples: int) -> None:
        self._config = config
        self._samples = samples

    @cached_property
    def _progress(self) -> Progress:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.ensure_newline()
        writer = self._config.get_terminal_writer()
        progress = Progress(writer._file, live=bool(reporter and reporter.isatty()))
        progress.start(self._samples)
        return progress

    def update(self, record: SampleRecord) -> None:
        """Count and show one finished sample."""
        self._progress.update(record)

    def finish(self) -> None:
        """Leave the cursor on a fresh line, if anything was shown."""
        if "_progress" in self.__dict__:
            self._progress.finish()
