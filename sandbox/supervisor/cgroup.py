"""The container's own counters, for cgroup v1 and v2.

CPU time is what decides a time-out: unlike wall time it does not depend on what else the machine
does. The kernel counts all processes of the container, also those that nobody waited for.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

__all__ = ["Counters", "Memory", "open_if_there"]

_ROOT = Path("/sys/fs/cgroup")
_NO_LIMIT = 1 << 62


class Memory(NamedTuple):
    """`limit` and what is used by other than files (`anonymous`), in bytes; pages read again."""

    limit: int
    anonymous: int
    refaults: int


class Counters:
    """Open counters of the cgroup mounted at `root`; a counter the kernel lacks reads as 0."""

    def __init__(self, root: Path = _ROOT) -> None:
        if (root / "cgroup.controllers").exists():
            files = ("cpu.stat", "memory.events", "pids.events", "memory.stat")
            limit = root / "memory.max"
        else:
            files = (
                *("cpuacct/cpuacct.usage", "memory/memory.oom_control", "pids/pids.events"),
                "memory/memory.stat",
            )
            limit = root / "memory/memory.limit_in_bytes"
        found = (open_if_there(root / name) for name in files)
        self._cpu, self._memory, self._pids, self._memory_stat = found
        self._memory_limit = _number(limit)

    @property
    def complete(self) -> bool:
        """Whether every counter can be read."""
        return -1 not in (self._cpu, self._memory, self._pids)

    def cpu_seconds(self) -> float:
        """CPU time of the container so far, user and system."""
        text = _read(self._cpu)
        if text.isdigit():
            return int(text) / 1e9  # v1: nanoseconds
        return _field(text, "usage_usec") / 1e6

    def oom_kills(self) -> int:
        """Processes that the kernel killed because the container's memory was used up."""
        return _field(_read(self._memory), "oom_kill")

    def memory(self) -> Memory:
        """How much of the container's memory is in use."""
        text = _read(self._memory_stat)
        used = _field(text, "anon") or _field(text, "rss")  # v2, v1
        refaults = _field(text, "workingset_refault_file")
        return Memory(self._memory_limit, used + _field(text, "shmem"), refaults)

    def forks_denied(self) -> int:
        """Forks that failed because the container had its number of processes."""
        return _field(_read(self._pids), "max")


def open_if_there(path: Path | str) -> int:
    """A descriptor to read a file of the kernel's; -1 where this kernel has none."""
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return -1


def _number(path: Path) -> int:
    """What the file of one number says; without one, there is no limit."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return _NO_LIMIT


def _read(fd: int) -> str:
    return os.pread(fd, 4096, 0).decode("ascii").strip() if fd >= 0 else ""


def _field(text: str, name: str) -> int:
    for line in text.splitlines():
        key, _, value = line.partition(" ")
        if key == name:
            return int(value)
    return 0
