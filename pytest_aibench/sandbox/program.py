"""What is executed, within which limits, and who can execute it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Protocol

from pytest_aibench.problems.judging import Rules
from pytest_aibench.records import Verdict

__all__ = ["Executor", "Limits", "Program"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use. Times in seconds, sizes in bytes.

    The limit that decides is CPU time: it does not depend on what else the machine does.
    `wall_seconds` only catches programs that sleep.
    """

    cpu_seconds: float = 3.0
    wall_seconds: float = 30.0
    memory: int = 512 << 20
    scratch: int = 64 << 20
    processes: int = 64
    output_kept: int = 64 << 10
    output_killed: int = 16 << 20

    @classmethod
    @lru_cache
    def allowing(cls, cpu_seconds: float) -> Limits:
        """The usual limits with this CPU limit, and with wall time enough to reach it."""
        usual = cls(cpu_seconds)
        return replace(usual, wall_seconds=max(usual.wall_seconds, 1.25 * cpu_seconds))


@dataclass(frozen=True, slots=True)
class Program:
    """A solution composed with its tests.

    `solution` is loaded first, then `tests` in the same namespace; the program passed when the
    tests ran to their end. Both are source text in `language`. `rules` say what the benchmark's
    reference adds to them, how it compiles them, and what else it asks of a pass.

    `entry_point` is the function that the tests call, and `context` the problem's own text before
    the solution, whose helpers the tests may use. Both are the benchmark's, and trusted: a pass
    is confirmed with them (`confirm`).
    """

    language: str
    solution: str
    tests: str
    limits: Limits = field(default_factory=Limits)
    rules: Rules = field(default_factory=Rules)
    entry_point: str = ""
    context: str = ""


class Executor(Protocol):
    """Executes programs and judges them; one program at a time."""

    def execute(self, program: Program) -> Verdict:
        """Run `program` to its end and judge it.

        Raises:
            SandboxError: nothing can be said about the program.
        """
        ...

    def close(self) -> None:
        """Release every container."""
        ...
