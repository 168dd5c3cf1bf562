"""C++, compiled by g++ and judged by its tests' assertions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from pytest_aibench.records import VerdictKind
from pytest_aibench.sandbox.program import Limits, Program

__all__ = ["Cpp", "reserved_names"]

_TERMINATED = re.compile(r"terminate called after throwing an instance of '([^'\n]+)'")
_WHAT = re.compile(r"^\s*what\(\):\s*(.*)$", re.M)
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")
_TEXTS = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.S)
_DIRECTIVES = re.compile(r"^\s*#[^\n]*$", re.M)
# Lower-case macros of the standard library that tests may use, and the harness's own.
_STANDARD_MACROS = {
    *("assert", "errno", "stdin", "stdout", "stderr", "offsetof", "setjmp"),
    *("va_arg", "va_copy", "va_end", "va_start"),
    *("isnan", "isinf", "isfinite", "isnormal", "signbit"),
}
# Operators in C++, which the preprocessor lets nobody define.
_OPERATORS = {
    *("and", "and_eq", "bitand", "bitor", "compl", "not", "not_eq", "or", "or_eq", "xor", "xor_eq")
}
_ALWAYS_RESERVED = {"main", "aibench_assertion_failed", "static_cast", "bool", "void"}


def reserved_names(tests: str) -> list[str]:
    """Names whose meaning in `tests` a solution could change with a macro.

    Names in capitals are macros as a rule, often the standard library's, and are left alone.
    """
    code = _TEXTS.sub(" ", _DIRECTIVES.sub(" ", tests))
    words = {word for word in _WORD.findall(code) if not word.isupper()}
    return sorted((words | _ALWAYS_RESERVED) - _STANDARD_MACROS - _OPERATORS)


class Cpp:
    """g++ with precompiled headers, and the program that it makes."""

    name = "cpp"
    family = "cpp"
    compiles = True

    def parts(self, program: Program) -> tuple[bytes, ...]:
        source = {
            "preamble": program.rules.preamble,
            "solution": program.solution,
            "tests": program.tests,
            "std": program.rules.std,
            "flags": program.rules.compile_flags,
            "reserved": reserved_names(program.tests),
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
