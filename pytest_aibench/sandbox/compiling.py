"""Programs of languages whose compiler stays in a container of its own."""

from __future__ import annotations

from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.answer import ContainerLost
from pytest_aibench.sandbox.confinement import Shape
from pytest_aibench.sandbox.judging import one_line
from pytest_aibench.sandbox.languages.base import CompiledApart
from pytest_aibench.sandbox.pool import BoxPool
from pytest_aibench.sandbox.program import Limits, Program

__all__ = ["COMPILER_LIMITS", "CompileFailed", "compile_program", "compiler_shape"]

# The container's, for every program: the compiler executes nothing of them.
COMPILER_LIMITS = Limits(memory=640 << 20, scratch=16 << 20)
_GRACE_SECONDS = 30.0
# A busy neighbour's share, and that the compiler itself may not be warm yet.
_ALLOWANCE = 1.5


class CompileFailed(Exception):  # noqa: N818 - most often the model's fault, no error of ours
    """The program cannot be executed; `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.detail)
        self.verdict = verdict


def compiler_shape(family: str) -> Shape:
    """The container of the compiler of `family`."""
    return Shape.of(family, COMPILER_LIMITS)


def compile_program(pool: BoxPool, language: CompiledApart, program: Program) -> bytes:
    """What the compiler, in a container of `pool`, makes of `program`.

    Raises:
        CompileFailed: it refuses the program, needs too long, or came to grief twice.
        SandboxError: nothing can be said about the program.
    """
    for _ in range(2):
        ended, (status, messages, compiled) = _ask(pool, language, program)
        if ended in ("cpu", "wall"):
            raise CompileFailed(_timeout(program, ended))
        if not ended:
            break
    else:
        detail = "the compiler ran out of memory or crashed"
        raise CompileFailed(Verdict(VerdictKind.COMPILE_ERROR, detail))
    if status != b"\x01":
        text = messages.decode("utf-8", "replace")
        detail = one_line(language.compile_failure(text))
        raise CompileFailed(_failure(detail, text[: program.limits.output_kept]))
    return compiled


def _ask(pool: BoxPool, language: CompiledApart, program: Program) -> tuple[str, tuple[bytes, ...]]:
    """How the compiler ended (`""`: it did not), and what it answered."""
    cpu_seconds = program.rules.compile_seconds * _ALLOWANCE
    wall_seconds = program.limits.wall_seconds + 2 * cpu_seconds
    limits = {"cpu_seconds": cpu_seconds, "wall_seconds": wall_seconds}
    box = pool.take()
    try:
        facts, parts = box.ask(limits, language.sources(program), wall_seconds + _GRACE_SECONDS)
    except ContainerLost as error:
        pool.discard()
        if not error.limit:
            raise
        return "cpu" if error.limit == "cpu" else "exit", (b"", b"", b"")
    except BaseException:  # interrupted: its answer must not become that of the next program
        pool.discard()
        raise
    if facts["ended"]:
        pool.discard()
    return facts["ended"], parts


def _timeout(program: Program, ended: str) -> Verdict:
    seconds = program.rules.compile_seconds if ended == "cpu" else program.limits.wall_seconds
    return Verdict(VerdictKind.TIMEOUT, f"compiling: {ended} time limit {seconds:g} s")


def _failure(detail: str, messages: str) -> Verdict:
    return Verdict(VerdictKind.COMPILE_ERROR, detail, stderr=messages)
