"""What a language is to the sandbox: how its programs are cut, limited and judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from pytest_aibench.records import VerdictKind
from pytest_aibench.sandbox.program import Limits, Program

__all__ = ["CompiledApart", "Language"]


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

    @property
    def started(self) -> int:
        """How many of `parts` are read before any of the program's own code can run.

        Where a process ended by itself before that, it was the harness that failed.
        """
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


@runtime_checkable
class CompiledApart(Language, Protocol):
    """A language whose compiler is too slow to start: it stays, in a container of its own."""

    def sources(self, program: Program) -> tuple[bytes, ...]:
        """What the compiler receives."""
        ...

    def compiled_parts(self, program: Program, compiled: bytes) -> tuple[bytes, ...]:
        """As `parts`, of a program that the compiler has made `compiled` of."""
        ...

    def compile_failure(self, messages: str) -> str:
        """The compiler's first error, in one line."""
        ...
