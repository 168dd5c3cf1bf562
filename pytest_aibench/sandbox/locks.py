"""Locks between all processes of this user on this machine.

They are advisory locks of the kernel (flock): a process that dies, however it dies, holds none.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pytest_aibench.errors import SandboxError

__all__ = ["Slots", "file_lock", "private_folder", "usable_cores"]

_POLL_SECONDS = 0.001


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def private_folder() -> Path:
    """Where this user's processes meet; nobody else can enter. Raises `SandboxError`."""
    folder = Path(tempfile.gettempdir()) / f"aibench-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise SandboxError(f"{folder} belongs to another user: remove it, or set TMPDIR")
    return folder


@contextlib.contextmanager
def file_lock(name: str) -> Iterator[None]:
    """Hold the lock `name`; waits for it."""
    fd = _open(private_folder() / f"{name}.lock")
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


class Slots:
    """At most one program per core runs at a time, over all processes of this user.

    However many workers there are, a program then has a core of its own while it runs: its time
    is its own, and more workers never make a verdict worse.
    """

    def __init__(self, count: int | None = None, name: str = "slot") -> None:
        count = count or usable_cores()
        folder = private_folder()
        self._queue = _open(folder / f"{name}-queue.lock")
        self._slots = [_open(folder / f"{name}-{i}.lock") for i in range(count)]

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """Hold one slot."""
        with _held(self._queue):  # only the first of the queue looks for a free slot
            slot = self._first_free()
        try:
            yield
        finally:
            fcntl.flock(slot, fcntl.LOCK_UN)

    @contextlib.contextmanager
    def all(self) -> Iterator[None]:
        """Hold every slot: nothing else runs meanwhile."""
        with contextlib.ExitStack() as held:
            for fd in (self._queue, *self._slots):
                held.enter_context(_held(fd))
            yield

    def close(self) -> None:
        for fd in (self._queue, *self._slots):
            os.close(fd)

    def _first_free(self) -> int:
        while True:
            for fd in self._slots:
                try:
                    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                return fd
            time.sleep(_POLL_SECONDS)


@contextlib.contextmanager
def _held(fd: int) -> Iterator[None]:
    fcntl.flock(fd, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(fd, fcntl.LOCK_UN)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
