"""Whether the text of a Python program shows all that it can reach.

What it does not show could interfere from aside with what is proven of a loop (`python_endless`).
"""

from __future__ import annotations

import ast

__all__ = ["speaks_openly"]

_MODULES = {
    "__future__", "bisect", "cmath", "collections", "copy", "datetime", "decimal", "fractions",
    "functools", "heapq", "itertools", "math", "numbers", "random", "re", "statistics", "string",
    "time", "typing",
}  # fmt: skip
# What leads from these modules to others, and what makes classes or reaches for things by names
# that are not in the text.
_DETOURS = {
    "ABCMeta", "EnumMeta", "EnumType", "Formatter", "ForwardRef", "NamedTupleMeta", "__builtins__",
    "__import__", "__loader__", "__spec__", "abc", "breakpoint", "compile", "contextlib", "copyreg",
    "delattr", "dir", "enum", "eval", "exec", "get_field", "get_type_hints", "getattr", "globals",
    "locals", "open", "operator", "setattr", "stdlib_re", "sys", "type", "types", "vars",
    "warnings",
}  # fmt: skip


def speaks_openly(tree: ast.AST) -> bool:
    """Whether a program uses only modules that can start nothing beside it, and hides no other.

    What it could start: threads, processes, timers, handlers of signals, traces.
    """
    return all(map(_is_open, ast.walk(tree)))


def _is_open(node: ast.AST) -> bool:
    match node:
        case ast.Import(names):
            return all(alias.name.partition(".")[0] in _MODULES for alias in names)
        case ast.ImportFrom(module, names):
            words = {alias.name for alias in names}
            return (module or "").partition(".")[0] in _MODULES and not words & _DETOURS
        case ast.Attribute(attr=word):
            return word not in _DETOURS and not word.startswith("_")
        case ast.Name(word):
            return word not in _DETOURS
    return True
