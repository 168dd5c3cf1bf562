"""How much work a function does, counted and not timed: the same on every machine."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable

__all__ = ["calls"]


def calls(function: Callable[[], object]) -> int:
    """Calls of Python and C functions that `function` makes."""
    profile = cProfile.Profile()
    profile.runcall(function)
    total: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
    return total
