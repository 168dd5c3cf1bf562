"""Waiting for what happens by itself."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["wait_until"]

_SECONDS = 180


def wait_until(happened: Callable[[], bool]) -> bool:
    """Whether it happened: no property is how fast, and only a test that hangs waits so long."""
    deadline = time.monotonic() + _SECONDS
    while not (found := happened()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found
