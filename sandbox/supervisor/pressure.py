"""What a sample had to wait for, or fought for, that is no fault of its time limits.

Both are looked at while the sample runs: what a thread waited for is gone with the thread.
"""

from __future__ import annotations

import contextlib
import glob

from supervisor.cgroup import Counters

__all__ = ["Shortage", "Starvation"]

_TIGHT = 16  # of the memory, this part is left where it is called short
_REFAULTS = 512  # pages, 2 MiB


class Starvation:
    """How long the sample could run, but had no core to run on."""

    def __init__(self) -> None:
        self._waited: dict[str, int] = {}
        self.seconds = 0.0

    def look(self) -> None:
        """Add what was waited since the last look.

        By the thread that waited longest, as the first one often only waits for another: a JVM's
        does, and that of tests for the solution apart from them.
        """
        now = dict(_run_delays())
        longest = max([0, *(ns - self._waited.get(path, 0) for path, ns in now.items())])
        self.seconds += longest / 1e9
        self._waited = now


def _run_delays() -> list[tuple[str, int]]:
    """Of every thread of the container but those of PID 1, in nanoseconds."""
    found = []
    # Unlike that of `Path`, this glob bears that processes end meanwhile.
    for path in glob.iglob("/proc/[0-9]*/task/[0-9]*/schedstat"):  # noqa: PTH207
        with contextlib.suppress(OSError, IndexError):  # gone; a kernel without schedstat
            if not path.startswith("/proc/1/"):
                with open(path, encoding="ascii") as file:
                    found.append((path, int(file.read().split()[1])))
    return found


class Shortage:
    """Whether the sample has used its memory up, although the kernel has not killed it yet.

    Before it kills, the kernel takes away pages of files, the code of programs among them. As long
    as these are read again at once it sees progress, and a sample can go on so for minutes.
    """

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._refaults = -1

    def look(self) -> bool:
        """Whether many pages were read again since memory became short, or the first look."""
        memory = self._counters.memory()
        left = memory.limit - memory.anonymous
        if self._refaults < 0 or left >= memory.limit // _TIGHT:
            self._refaults = memory.refaults
        return memory.refaults - self._refaults >= _REFAULTS
