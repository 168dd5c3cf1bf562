"""How much work a function does, counted and not timed: the same on every machine."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable

__all__ = ["calls", "linear"]


def calls(function: Callable[[], object]) -> int:
    """Calls of Python and C functions that `function` makes."""
    profile = cProfile.Profile()
    profile.runcall(function)
    total: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
    return total


def linear(work: Callable[[int], int], size: int) -> bool:
    """Whether four times the input, from `size` on, costs four times the calls.

    What is paid once is paid for either size, and makes the ratio smaller. A fortieth is allowed
    for sizes that are no whole number of pieces; n log n would cost 4.4 times and more.
    """
    small = work(size)
    return work(4 * size) <= 4.1 * small
