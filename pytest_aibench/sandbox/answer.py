"""What a container answers to a program, and the errors of the way there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pytest_aibench.errors import SandboxError

__all__ = ["Answer", "ContainerLost", "HarnessFailed"]


class ContainerLost(SandboxError):  # noqa: N818 - an event, most often healed
    """The container ended, or fell silent, before it answered.

    `limit`: which limit the engine saw exceeded, `"cpu"` or `"memory"`; empty for none.
    """

    def __init__(self, message: str, limit: str = "") -> None:
        super().__init__(message)
        self.limit = limit


class HarnessFailed(SandboxError):  # noqa: N818 - named as its neighbour
    """The harness of a language ended before any of the program's own code could run."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a program ended, as PID 1 of its container saw it.

    `ended`: `"exit"`, or the limit that ended it: `"cpu"`, `"wall"`, `"memory"`,
    `"output"`.
    `compiling`: whether it ended while it was still being compiled, which is not part of
    `cpu_seconds` and `wall_seconds` unless it is all that happened.
    `taken`: how many parts of the program its process read; no part is sent before it is wanted.
    `status`: exit status of the program's first process, negative for a signal.
    `dirty`: what could not be cleaned up; such a container must not be used again.
    `report`: what the language's runner said, unchecked.
    """

    ended: str
    compiling: bool
    compile_cpu_seconds: float
    taken: int
    status: int | None
    cpu_seconds: float
    wall_seconds: float
    processes: int
    oom_kills: int
    forks_denied: int
    written: int
    dirty: tuple[str, ...]
    stdout: bytes
    stderr: bytes
    report: bytes

    @classmethod
    def from_message(cls, header: Mapping[str, Any], parts: tuple[bytes, ...]) -> Answer:
        facts = {name: value for name, value in header.items() if name != "sizes"}
        facts["dirty"] = tuple(facts["dirty"])
        stdout, stderr, report = parts
        return cls(**facts, stdout=stdout, stderr=stderr, report=report)

    @property
    def reusable(self) -> bool:
        """Whether another program may run in the container: nothing about it is odd."""
        crowd = self.ended != "exit" and self.processes > 1
        odd = self.dirty or crowd or self.oom_kills or self.forks_denied or self.ended == "output"
        return not odd
