"""C++, compiled by g++ and judged by its tests' assertions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from pytest_aibench.records import VerdictKind
from pytest_aibench.sandbox.languages.cpp_guards import (
    declaration,
    forged_comparison,
    reserved_names,
)
from pytest_aibench.sandbox.program import Limits, Program

__all__ = ["Cpp"]

_TERMINATED = re.compile(r"terminate called after throwing an instance of '([^'\n]+)'")
_WHAT = re.compile(r"^\s*what\(\):\s*(.*)$", re.M)


class Cpp:
    """g++ with precompiled headers, and the program that it makes."""

    name = "cpp"
    family = "cpp"
    compiles = True
    started = 2

    def parts(self, program: Program) -> tuple[bytes, ...]:
        declared = declaration(program.context, program.entry_point)
        source = {
            "preamble": program.rules.preamble,
            "solution": program.solution,
            "tests": program.tests,
            "std": program.rules.std,
            "flags": program.rules.compile_flags,
            "reserved": reserved_names(f"{program.tests}\n{declared}"),
            "declaration": declared,
            "entry": program.entry_point,
            "forged": forged_comparison(program.solution),
            "memory": program.limits.memory,
        }
        return json.dumps(source).encode("ascii"), b""

    def rlimits(self, limits: Limits) -> dict[str, int]:
        return {"FSIZE": limits.scratch}

    def failure(self, report: Mapping[str, str]) -> tuple[VerdictKind, str]:
        message = report.get("message", "")
        if report.get("phase") == "compile":
            return VerdictKind.COMPILE_ERROR, message
        if report.get("family") == "status":
            return VerdictKind.WRONG_ANSWER, f"main returned {message}"
        return VerdictKind.WRONG_ANSWER, f"assertion failed: {message}"

    def death(self, stderr: str) -> tuple[VerdictKind, str] | None:
        thrown = _TERMINATED.search(stderr)
        if not thrown:
            return None
        what = _WHAT.search(stderr, thrown.end())
        detail = f"{thrown[1]}: {what[1]}" if what else thrown[1]
        memory = thrown[1] == "std::bad_alloc"
        return VerdictKind.OUT_OF_MEMORY if memory else VerdictKind.RUNTIME_ERROR, detail
