"""Attacks in the languages whose harness is not Python's."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FAILURES", "Attack", "Battery"]

FAILURES = "wrong_answer runtime_error exited_early crashed timeout"


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
