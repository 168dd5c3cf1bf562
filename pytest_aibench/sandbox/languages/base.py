"""What a language is to the sandbox: how its programs are cut, limited and judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from pytest_aibench.records import VerdictKind
from pytest_aibench.sandbox.program import Limits, Program

__all__ = ["Language"]


class Language(Protocol):
    """One module of this package for each; its container side is `supervisor.languages`."""

    @property
    def name(self) -> str:
        """The name that programs carry, and the supervisor's runner."""
        ...

    @property
    def family(self) -> str:
        """The image that its programs run in."""
        ...

    def parts(self, program: Program) -> tuple[bytes, ...]:
        """What the runner receives, in this order, each part when it asks for it.

        The secret that proves a pass follows them.
        """
        ...

    def rlimits(self, limits: Limits) -> dict[str, int]:
        """Limits of a single process, by `resource.RLIMIT_*` without the prefix."""
        ...

    @property
    def compiles(self) -> bool:
        """Whether a program is compiled before it runs, within limits of its own."""
        ...

    def failure(self, report: Mapping[str, str]) -> tuple[VerdictKind, str]:
        """What the runner's report of a failed program means: kind and a line for people."""
        ...

    def death(self, stderr: str) -> tuple[VerdictKind, str] | None:
        """What a signal that ended the program means, where its last words tell more."""
        ...
