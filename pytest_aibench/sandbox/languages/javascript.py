"""JavaScript, judged as node judges the file made of solution and tests."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_aibench.records import VerdictKind
from pytest_aibench.sandbox.program import Limits, Program

__all__ = ["JavaScript"]

_OUT_OF_HEAP = "JavaScript heap out of memory"


class JavaScript:
    """Node.js, started from a snapshot."""

    name = "javascript"
    family = "node"
    compiles = False
    started = 1

    def parts(self, program: Program) -> tuple[bytes, ...]:
        texts = (program.rules.preamble + program.solution, program.tests)
        return tuple(text.encode("utf-8", "replace") for text in texts)

    def rlimits(self, limits: Limits) -> dict[str, int]:
        return {"FSIZE": limits.scratch}  # V8 reserves more address space than it uses

    def failure(self, report: Mapping[str, str]) -> tuple[VerdictKind, str]:
        name, message = report.get("type", "Error"), report.get("message", "")
        detail = f"{name}: {message}" if message else name
        if report.get("phase") == "compile":
            return VerdictKind.COMPILE_ERROR, detail
        wrong = report.get("family") == "assertion"
        return VerdictKind.WRONG_ANSWER if wrong else VerdictKind.RUNTIME_ERROR, detail

    def death(self, stderr: str) -> tuple[VerdictKind, str] | None:
        return (VerdictKind.OUT_OF_MEMORY, _OUT_OF_HEAP) if _OUT_OF_HEAP in stderr else None
