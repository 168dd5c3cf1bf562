"""How a run goes, while it goes: a live line on a terminal, now and then a line in a log."""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable
from typing import TextIO

from pytest_aibench.records import SampleRecord
from pytest_aibench.report.text import count, percent

__all__ = ["Progress"]

LIVE_INTERVAL = 0.1
LOG_INTERVAL = 10.0
LOG_SHORTEST = 1.0
LOG_STEPS = 10
RATE_WINDOW = 30.0
BAR_MIN, BAR_MAX = 8, 30


class Progress:
    """Shows samples done, running Pass@1, rate and time left on a text stream.

    `live` rewrites one line ten times a second; otherwise a line is printed at each tenth of the
    way and every 10 seconds, at most one a second. `clock` returns seconds that never go back.
    `note` is asked at each showing for what else there is to say.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        live: bool = False,
        width: Callable[[], int] = lambda: shutil.get_terminal_size().columns,
        clock: Callable[[], float] = time.monotonic,
        note: Callable[[], str] = lambda: "",
    ) -> None:
        self._stream = stream
        self._live = live
        self._width = width
        self._clock = clock
        self._note = note
        self._total = 0
        self.passed = self.failed = self.errors = 0
        self._started = self._shown_at = 0.0
        self._shown: int | None = None
        self._marks: deque[tuple[float, int]] = deque()
        self._drawn = 0

    @property
    def done(self) -> int:
        return self.passed + self.failed + self.errors

    def start(self, total: int) -> None:
        """Begin a run of `total` samples."""
        self._total = total
        self._started = self._shown_at = self._clock()
        self._marks.append((self._started, 0))
        if self._live:
            self._show(self._started)

    def update(self, record: SampleRecord) -> None:
        """Count one finished sample and show it if it is time to."""
        before = self.done
        if record.kind is None:
            self.errors += 1
        elif record.solved:
            self.passed += 1
        else:
            self.failed += 1
        now = self._clock()
        if self._is_time(now, before):
            self._show(now)

    def tick(self) -> None:
        """Show that time passes although no sample ended."""
        now = self._clock()
        if now - self._shown_at >= (LIVE_INTERVAL if self._live else LOG_INTERVAL):
            self._show(now)

    def finish(self) -> None:
        """Show where the run ended and leave the cursor on a fresh line."""
        if self._shown != self.done:
            self._show(self._clock())
        if self._live:
            self._write("\n")
            self._drawn = 0

    def _is_time(self, now: float, before: int) -> bool:
        waited = now - self._shown_at
        if self._live:
            return waited >= LIVE_INTERVAL
        if waited >= LOG_INTERVAL:
            return True
        step = self._total and before * LOG_STEPS // self._total
        crossed = self._total and self.done * LOG_STEPS // self._total > step
        return bool(crossed) and waited >= LOG_SHORTEST

    def _show(self, now: float) -> None:
        self._shown, self._shown_at = self.done, now
        rate = self._rate(now)
        if self._live:
            line = self._bar_line(self._width() - 1, rate, now - self._started)
            self._write("\r" + line.ljust(self._drawn))
            self._drawn = len(line)
        else:
            share = 100 * self.done // self._total if self._total else 100
            self._write(f"[{share:3d} %] {self._of_total()}  {'  '.join(self._facts(rate, now))}\n")

    def _rate(self, now: float) -> float:
        """Samples a second over the last half minute."""
        self._marks.append((now, self.done))
        while len(self._marks) > 2 and now - self._marks[1][0] >= RATE_WINDOW:
            self._marks.popleft()
        then, done = self._marks[0]
        return (self.done - done) / (now - then) if now > then else 0.0

    def _facts(self, rate: float, now: float) -> list[str]:
        measured = self.passed + self.failed
        facts = [f"pass@1 {percent(self.passed / measured) if measured else '-'}"]
        if self.errors:
            facts.append(f"{count(self.errors)} not measured")
        facts.append(f"{rate:.1f}/s" if rate < 100 else f"{rate:.0f}/s")
        facts.append(_clock_time(now - self._started))
        if self.done < self._total:
            facts.append(f"ETA {_clock_time((self._total - self.done) / rate) if rate else '?'}")
        note = self._note()
        return [*facts, note] if note else facts

    def _of_total(self) -> str:
        return f"{count(self.done)}/{count(self._total)}"

    def _bar_line(self, width: int, rate: float, elapsed: float) -> str:
        """The bar takes what the facts leave; too narrow for it, the last facts go first."""
        facts = self._facts(rate, self._started + elapsed)
        text = f"{self._of_total()}  {'  '.join(facts)}"
        room = width - len(text) - 4
        if room < BAR_MIN:
            return text[: max(width, 0)]
        size = min(room, BAR_MAX)
        filled = self.done * size // self._total if self._total else size
        return f"[{'#' * filled}{'.' * (size - filled)}] {text}"

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _clock_time(seconds: float) -> str:
    """`0:07`, `12:40`, `3:05:09`."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
