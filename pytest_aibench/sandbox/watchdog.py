"""Ends a container from outside where its PID 1 does not come to enforce the limit of CPU time."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from pytest_aibench.sandbox.engine import engine_errors

__all__ = ["Watchdog"]

_SHORTEST_WAIT = 1.0


class Watchdog:
    """While entered, kills the container once it has used `cpu_seconds` more than at the start.

    What counts is the engine's own counter, which PID 1 has no part in. A container has one core,
    so that it cannot use more in a time than that time: few looks are enough.
    `overrun`: whether it was killed.
    """

    def __init__(self, client: Any, container_id: str, cpu_seconds: float) -> None:
        self._client = client
        self._container_id = container_id
        self._limit = cpu_seconds
        self._left = threading.Event()
        self._deciding = threading.Lock()
        self.overrun = False

    def __enter__(self) -> None:
        # Engines take up to two seconds for an answer, for which nothing should wait.
        threading.Thread(target=self._watch, name="aibench-watchdog", daemon=True).start()

    def __exit__(self, *_: object) -> None:
        with self._deciding:  # what has left is never killed
            self._left.set()

    def _watch(self) -> None:
        with contextlib.suppress(*engine_errors()):  # the container is gone, or the engine
            end = self._cpu_seconds() + self._limit
            room = self._limit
            while room > 0:
                if self._left.wait(max(_SHORTEST_WAIT, room)):
                    return
                room = end - self._cpu_seconds()
            self._kill()

    def _cpu_seconds(self) -> float:
        stats = self._client.api.stats(self._container_id, stream=False, one_shot=True)
        return float(stats["cpu_stats"]["cpu_usage"]["total_usage"]) / 1e9

    def _kill(self) -> None:
        with self._deciding:
            if not self._left.is_set():
                self._client.api.kill(self._container_id)
                self.overrun = True
