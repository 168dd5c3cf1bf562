"""Which Python tests can run in a process apart from the solution, and what they need of it.

Everything here reads trusted text only: the tests, and the prompt that they belong to.
"""

from __future__ import annotations

import ast
import importlib
import json
from dataclasses import dataclass
from functools import lru_cache

from pytest_aibench.sandbox.languages.python import Python
from pytest_aibench.sandbox.languages.python_computing import MODULES
from pytest_aibench.sandbox.languages.python_names import bound_names, unbound_globals
from pytest_aibench.sandbox.program import Program

__all__ = ["Apart", "SplitPython", "apart", "impossible", "take_apart"]

# Through these, tests see more of a solution than the values of its functions.
_SHARED_MODULES = {"sys", "io", "contextlib", "inspect", "unittest", "asyncio", "gc"}
_SHARED_STATE = {"threading", "multiprocessing", "globals", "locals", "vars", "exec", "eval"}
_SHARED = _SHARED_MODULES | _SHARED_STATE | {"open", "input", "__import__", "__doc__"}


@dataclass(frozen=True, slots=True)
class Apart:
    """Tests that can run apart: `names` are the solution's, `definitions` the prompt's own.

    `impossible` says why they cannot, and is empty otherwise.
    """

    names: tuple[str, ...] = ()
    definitions: str = ""
    impossible: str = ""


class SplitPython(Python):
    """Python with the tests in a process of their own."""

    name = "python-split"

    def parts(self, program: Program) -> tuple[bytes, ...]:
        found = apart(program)
        solution, tests = super().parts(program)
        names = json.dumps(found.names).encode("ascii")
        definitions = found.definitions.encode("utf-8", "surrogatepass")
        return names + b"\0" + solution, definitions + b"\0" + tests


def impossible(program: Program) -> str:
    """Why the program's tests cannot run apart from its solution; empty where they can."""
    return apart(program).impossible


def apart(program: Program) -> Apart:
    """What the program's tests need of its solution."""
    context = program.rules.preamble + program.context
    return take_apart(context, program.tests, program.entry_point)


@lru_cache(maxsize=64)  # samples of a problem follow one another, and tests may be megabytes
def take_apart(context: str, tests: str, entry_point: str) -> Apart:
    """What `tests` need, of which `context` (preamble and prompt) defines a part."""
    try:
        used = unbound_globals(tests, entry_point)
        handled = _caught(ast.parse(tests))
    except (SyntaxError, ValueError, RecursionError):
        return Apart(impossible="the tests are no Python of the harness's own version")
    definitions, names = _resolve(_definitions(context, entry_point), used)
    shared = sorted(_SHARED & (_mentioned(tests) | _mentioned(definitions)))
    if shared:
        return Apart(impossible=f"the tests use {', '.join(shared)}")
    if not names:
        return Apart(impossible="the tests call nothing of the solution")
    if handled & names:
        return Apart(impossible="the tests catch exceptions that the solution defines")
    return Apart(tuple(sorted(names)), definitions)


def _resolve(definitions: list[ast.stmt], used: set[str]) -> tuple[str, set[str]]:
    """The statements that define some of `used`, in their order, and the names still open."""
    chosen: list[ast.stmt] = []
    wanted, open_names = set(used), set(used)
    for statement in reversed(definitions):
        bound = _bound(statement)
        if bound & wanted:
            chosen.insert(0, statement)
            needs = unbound_globals(ast.unparse(statement))
            wanted |= needs
            open_names = (open_names - bound) | (needs - bound)
    return "\n".join(map(ast.unparse, chosen)), open_names


def _bound(statement: ast.stmt) -> set[str]:
    match statement:
        # Of other modules that a problem names, the import itself may do anything.
        case ast.ImportFrom(str(module), [ast.alias("*")], 0) if module in (*MODULES, "typing"):
            return set(getattr(importlib.import_module(module), "__all__", ()))
    return bound_names(ast.unparse(statement))


def _definitions(context: str, entry_point: str) -> list[ast.stmt]:
    """Imports, constants, helpers: not the functions whose bodies a solution has to supply."""
    try:
        body = ast.parse(context).body
    except (SyntaxError, ValueError, RecursionError):
        return []
    return [statement for statement in body if not _is_stub(statement, entry_point)]


def _is_stub(statement: ast.stmt, entry_point: str) -> bool:
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return statement.name == entry_point or all(
        isinstance(part, ast.Pass)
        or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        for part in statement.body
    )


def _mentioned(source: str) -> set[str]:
    """Names and attributes that are read, and modules that are imported."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and node.attr == "__doc__":
            found.add(node.attr)
        elif isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def _caught(tree: ast.AST) -> set[str]:
    kinds = (node.type for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler))
    return {
        name.id
        for kind in kinds
        if kind is not None
        for name in ast.walk(kind)
        if isinstance(name, ast.Name)
    }
