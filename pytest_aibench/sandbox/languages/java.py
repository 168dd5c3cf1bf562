"""Java: compiled by a resident compiler in a container of its own, run in a JVM in another."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from pytest_aibench.records import VerdictKind
from pytest_aibench.sandbox.program import Limits, Program

__all__ = ["Java"]

_HEAP_SHARE = 0.5  # of the container's memory: the JVM itself needs the rest
_KINDS = {"assertion": VerdictKind.WRONG_ANSWER, "memory": VerdictKind.OUT_OF_MEMORY}
_ERROR = re.compile(r"^.*\berror: .*$", re.M)


class Java:
    """OpenJDK."""

    name = "java"
    family = "java"
    compiles = False
    started = 3

    def sources(self, program: Program) -> tuple[bytes, ...]:
        solution = program.rules.preamble + program.solution
        texts = (program.rules.main_class, solution, program.tests)
        return tuple(text.encode("utf-8", "replace") for text in texts)

    def parts(self, program: Program) -> tuple[bytes, ...]:
        return self.compiled_parts(program, b"")

    def compiled_parts(self, program: Program, compiled: bytes) -> tuple[bytes, ...]:
        settings = {
            "main": program.rules.main_class,
            "assertions": program.rules.enable_assertions,
            "libraries": program.rules.libraries,
            "heap": int(program.limits.memory * _HEAP_SHARE) >> 20,
        }
        # The last part is for the JVM, which asks for it when it is up.
        return json.dumps(settings).encode("ascii"), compiled, b""

    def rlimits(self, limits: Limits) -> dict[str, int]:
        return {"FSIZE": limits.scratch}  # a JVM reserves more address space than it uses

    def failure(self, report: Mapping[str, str]) -> tuple[VerdictKind, str]:
        name, message = report.get("type", "Throwable"), report.get("message", "")
        detail = f"{name}: {message}" if message else name
        if report.get("phase") == "compile":
            return VerdictKind.COMPILE_ERROR, message
        return _KINDS.get(report.get("family", ""), VerdictKind.RUNTIME_ERROR), detail

    def compile_failure(self, messages: str) -> str:
        first = _ERROR.search(messages)
        return first[0].strip() if first else "the compiler failed without a message"

    def death(self, stderr: str) -> None:
        return None
