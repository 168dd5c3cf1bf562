"""What a C++ solution may not change for its tests: the words and the comparisons they use.

The benchmark's texts (tests, prompt) are trusted and read as text; the compiler enforces what
follows from them, between solution and tests (`supervisor.languages.cpp`).
"""

from __future__ import annotations

import re

__all__ = ["declaration", "forged_comparison", "reserved_names"]

_WORD = re.compile(r"\b[A-Za-z_]\w*\b")
_TEXTS = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.S)
_DIRECTIVES = re.compile(r"^\s*#[^\n]*$", re.M)
# A type that is defined, not the parameter of a template; or the name that a typedef gives it.
_TYPE = re.compile(
    r"(?:^|[;{}>]|\btypedef\b)\s*(?:struct|class|union|enum(?:\s+(?:class|struct))?)\s+(\w+)"
    r"|\}\s*(\w+)\s*;"
)
_COMPARISON = re.compile(r"\boperator\s*(?:==|!=)\s*\(")
_STORAGE = re.compile(r"\b(?:static|inline|constexpr|extern)\b")
_UNFIT = re.compile(r"\b(?:template|auto|return|new|else|operator)\b|[=().]")
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
_ALWAYS_RESERVED = {
    *("main", "aibench_assertion_failed", "static_cast", "bool", "void", "class", "const"),
    *("decltype", "false", "namespace", "static_assert", "struct", "template", "true", "typename"),
}


def reserved_names(tests: str) -> list[str]:
    """Names whose meaning in `tests` a solution could change with a macro.

    Names in capitals are macros as a rule, often the standard library's, and are left alone.
    """
    words = {word for word in _WORD.findall(_code(tests)) if not word.isupper()}
    return sorted((words | _ALWAYS_RESERVED) - _STANDARD_MACROS - _OPERATORS)


def declaration(prompt: str, entry_point: str) -> str:
    """How `prompt` declares `entry_point`, such as `int add(int a, int b)`; empty where it does
    not, or not as a plain function."""
    code = _code(prompt)
    heads = list(re.finditer(rf"\b{re.escape(entry_point)}\s*\(", code)) if entry_point else []
    if not heads:
        return ""
    head, end = heads[-1], _closing(code, heads[-1].end())
    before = re.split(r"[;{}]", code[: head.start()])[-1]
    result = _STORAGE.sub(" ", before).strip()
    if not end or not result or _UNFIT.search(result):
        return ""
    return " ".join(f"{result} {code[head.start() : end]}".split())


def forged_comparison(solution: str) -> bool:
    """Whether `solution` defines `==` or `!=` between values of types that are not its own."""
    code = _code(solution)
    own = {name for names in _TYPE.findall(code) for name in names if name}
    for head in _COMPARISON.finditer(code):
        operands = code[head.end() : max(head.end(), _closing(code, head.end()) - 1)]
        if _commas(operands) and not own & set(_WORD.findall(operands)):
            return True
    return False


def _code(text: str) -> str:
    return _TEXTS.sub(" ", _DIRECTIVES.sub(" ", text))


def _closing(code: str, start: int) -> int:
    """The position behind the parenthesis that closes the one before `start`; 0 if none does."""
    depth = 1
    for at in range(start, len(code)):
        depth += {"(": 1, ")": -1}.get(code[at], 0)
        if not depth:
            return at + 1
    return 0


def _commas(operands: str) -> int:
    """Commas that separate operands, not the arguments of a template."""
    depth = count = 0
    for char in operands:
        depth += {"<": 1, ">": -1}.get(char, 0)
        count += char == "," and not depth
    return count
