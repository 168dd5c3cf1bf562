"""The line that shows how a run goes, on pytest's terminal."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING

import pytest

from pytest_aibench.records import SampleRecord
from pytest_aibench.report.progress import Progress

if TYPE_CHECKING:
    from pytest_aibench.generation.controller import GenerationService

__all__ = ["Live", "describe"]

TICK_SECONDS = 1.0


class Live:
    """A live line on a terminal, plain lines elsewhere; begins with the first sample.

    Not earlier: xdist's own status line stands there until its workers have collected. Where a
    server is asked, the line also moves while nothing but waiting happens.
    """

    def __init__(
        self, config: pytest.Config, samples: int, service: GenerationService | None
    ) -> None:
        self._config = config
        self._samples = samples
        self._service = service
        self._lock = threading.Lock()
        self._ended = threading.Event()
        if service is not None:
            threading.Thread(target=self._tick, name="aibench-live", daemon=True).start()

    @cached_property
    def _progress(self) -> Progress:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.ensure_newline()
        progress = Progress(
            self._config.get_terminal_writer()._file,
            live=bool(reporter and reporter.isatty()),
            note=lambda: describe(self._service) if self._service is not None else "",
        )
        progress.start(self._samples)
        return progress

    def update(self, record: SampleRecord) -> None:
        """Count and show one finished sample."""
        with self._lock:
            self._progress.update(record)

    def finish(self) -> None:
        """Leave the cursor on a fresh line, if anything was shown."""
        self._ended.set()
        with self._lock:
            if "_progress" in self.__dict__:
                self._progress.finish()

    def _tick(self) -> None:
        while not self._ended.wait(TICK_SECONDS):
            with self._lock:
                if not self._ended.is_set():
                    self._progress.tick()


def describe(service: GenerationService) -> str:
    """What the model's server is doing: `8 asked, 120 to ask`, waits and retries."""
    now = service.progress()
    parts = []
    if now.in_flight or now.planned:
        parts.append(f"{now.in_flight} asked, {now.planned} to ask")
    if now.retries:
        parts.append(f"{now.retries} retries")
    if now.paused > 0:
        parts.append(f"waiting {now.paused:.0f} s: {now.trouble}")
    return ", ".join(parts)
