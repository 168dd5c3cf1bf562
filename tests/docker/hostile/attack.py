"""Attacks in the languages whose harness is not Python's."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FAILURES", "Attack", "Battery", "ends_by_time"]

FAILURES = "wrong_answer runtime_error exited_early crashed timeout"


def ends_by_time(allowed: str) -> bool:
    """Whether an attack that may end so is for a limit of time to end, as it never passes."""
    return "timeout" in allowed.split() and "passed" not in allowed.split()


@dataclass(frozen=True)
class Attack:
    """`allowed`: verdict kinds, separated by blanks; `passed` only where the answer is honest."""

    name: str
    allowed: str
    source: str


@dataclass(frozen=True)
class Battery:
    """All attacks in one language, upon the same tests.

    `canary` is an honest program that prints a line beginning with `HOLE` for every trace that it
    finds of another one; `wrong` is a program without any attack.
    """

    language: str
    tests: str
    canary: str
    wrong: str
    rows: tuple[Attack, ...]
