"""Warm containers of one shape: the one in use, and a spare that is started in the background."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from pytest_aibench.sandbox.box import Box

__all__ = ["BoxPool"]


class BoxPool:
    """Hands out one container at a time.

    `start` makes a container. `background` does what no program should wait for. The first
    container is made when it is needed; a spare follows once a container had to be discarded.
    """

    def __init__(self, start: Callable[[], Box], background: ThreadPoolExecutor) -> None:
        self._start = start
        self._background = background
        self._current: Box | None = None
        self._spare: Future[Box] | None = None

    def take(self) -> Box:
        """The container to use next. Raises `SandboxError`."""
        if self._current is None:
            spare, self._spare = self._spare, None
            usable = spare is not None and spare.exception() is None
            self._current = spare.result() if spare and usable else self._start()
        return self._current

    def discard(self) -> None:
        """Never use the current container again."""
        box, self._current = self._current, None
        if box is not None:
            self._background.submit(box.close)
        if self._spare is None:
            self._spare = self._background.submit(self._start)

    def close(self) -> None:
        if self._current is not None:
            self._current.close()
        if self._spare is not None and not self._spare.cancel() and not self._spare.exception():
            self._spare.result().close()
        self._current = self._spare = None
