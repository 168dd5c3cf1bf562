"""Python source read by its syntax: what it defines, what it lacks, what is mere usage."""

from __future__ import annotations

import ast
import builtins
import symtable
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

__all__ = [
    "PythonCode",
    "attach",
    "helpers_for",
    "lacking_names",
    "parse_python",
    "preamble_for",
    "returns_at_top",
    "without_usage",
]


@dataclass(frozen=True, slots=True)
class PythonCode:
    """Source that parses, with its tree and the names that it binds at top level."""

    source: str
    tree: ast.Module
    names: frozenset[str]


def parse_python(source: str) -> PythonCode | None:
    """`source` parsed, or None where Python refuses it. Nothing is executed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return PythonCode(source, tree, frozenset(_bound(tree.body)))


def preamble_for(code: PythonCode, prompt: PythonCode, entry_point: str) -> str:
    """The top-level statements of `prompt` that bind a name which `code` does not bind.

    Imports, helper functions and constants come along, as a problem's tests may use them too; the
    entry point does not, whatever else its statement binds.
    """
    wanted = []
    for node in prompt.tree.body:
        names = set(_bound([node]))
        if names and entry_point not in names and not names <= code.names:
            wanted.append(node)
    return _text_of(prompt.source, wanted)


def helpers_for(code: PythonCode, others: Sequence[PythonCode], entry_point: str) -> str:
    """The top-level statements of `others` that bind what `code` reads and lacks, transitively."""
    lacking = set(lacking_names(code))
    bound = set(code.names)
    taken: list[list[ast.stmt]] = [[] for _ in others]
    for _ in range(_HELPER_PASSES):
        before = len(bound)
        for index, other in enumerate(others):
            for node in other.tree.body if other.names & lacking else ():
                names = set(_bound([node]))
                if names & lacking and entry_point not in names:
                    taken[index].append(node)
                    bound |= names
                    lacking |= _lacked_by(_text_of(other.source, [node]))
                    lacking -= bound
        if len(bound) == before:
            break
    texts = (_text_of(other.source, nodes) for other, nodes in zip(others, taken, strict=True))
    return "\n".join(text for text in texts if text)


_HELPER_PASSES = 4
_BUILTINS = frozenset(dir(builtins))


def lacking_names(code: PythonCode) -> frozenset[str]:
    """Global names that `code` reads and neither it nor Python itself binds."""
    return frozenset(_lacked_by(code.source)) - code.names


def _lacked_by(source: str) -> set[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tables = [symtable.symtable(source, "<reply>", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    read: set[str] = set()
    while tables:
        table = tables.pop()
        tables.extend(table.get_children())
        at_top = table.get_type() == "module"
        read.update(
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (symbol.is_global() or at_top)
        )
    return read - _BUILTINS


def returns_at_top(code: PythonCode) -> bool:
    """Whether a `return` stands outside every function: the code is the body of one."""
    pending: list[ast.AST] = list(code.tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Return):
            return True
        if isinstance(node, ast.stmt) and not isinstance(node, _SCOPES):
            pending.extend(ast.iter_child_nodes(node))
        elif isinstance(node, ast.ExceptHandler | ast.match_case):
            pending.extend(node.body)
    return False


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def attach(preamble: str, code: PythonCode) -> str:
    """`preamble` before `code`, but after its `from __future__` imports, which must come first."""
    if not preamble:
        return code.source
    lines = _split_lines(code.source)
    at = max((node.end_lineno or 0 for node in code.tree.body if _is_future(node)), default=0)
    head = "".join(lines[:at])
    if head and not head.endswith("\n"):
        head += "\n"
    return head + preamble + "\n\n" + "".join(lines[at:])


def without_usage(code: PythonCode, entry_point: str) -> str:
    """`code` without top-level statements that only show or try it.

    By syntax alone: `if __name__ == "__main__":`, `assert`, `print(...)`, a bare expression that
    calls the entry point, and calls of a test runner's `main`. All else stays, calls such as
    `sys.setrecursionlimit(...)` and every assignment among it.
    """
    kept: list[ast.stmt] = []
    dropped: list[ast.stmt] = []
    for node in code.tree.body:
        (dropped if _is_usage(node, entry_point) else kept).append(node)
    if not dropped:
        return code.source
    doomed = _line_numbers(dropped) - _line_numbers(kept)
    lines = _split_lines(code.source)
    return "".join(line for number, line in enumerate(lines, 1) if number not in doomed)


_RUNNERS = frozenset({"unittest.main", "doctest.testmod", "doctest.run_docstring_examples"})


def _is_usage(node: ast.stmt, entry_point: str) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if isinstance(node, ast.If):
        return _is_main_guard(node.test)
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    called = ast.unparse(node.value.func) if _is_dotted(node.value.func) else ""
    return called == "print" or called in _RUNNERS or _calls(node, entry_point)


def _is_main_guard(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare):
        return False
    sides = [test.left, *test.comparators]
    names = {side.id for side in sides if isinstance(side, ast.Name)}
    values = {side.value for side in sides if isinstance(side, ast.Constant)}
    return names == {"__name__"} and values == {"__main__"}


def _is_dotted(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _calls(node: ast.stmt, name: str) -> bool:
    return any(
        isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == name
        for part in ast.walk(node)
    )


def _bound(body: Iterable[ast.stmt]) -> Iterator[str]:
    """Names bound by these statements in their own scope, also within if, try, for and with."""
    pending = list(body)  # an `elif` for each of a thousand cases is as deep
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
        else:
            yield from _bound_by_targets(node)
            for block in ("body", "orelse", "finalbody"):
                pending.extend(getattr(node, block, ()))
            for handler in getattr(node, "handlers", ()):
                pending.extend(handler.body)


def _bound_by_targets(node: ast.stmt) -> Iterator[str]:
    targets = [*getattr(node, "targets", ()), getattr(node, "target", None)]
    targets += [item.optional_vars for item in getattr(node, "items", ())]
    for target in targets:
        if target is not None:
            yield from (
                part.id
                for part in ast.walk(target)
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
            )


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _text_of(source: str, nodes: list[ast.stmt]) -> str:
    numbers = _line_numbers(nodes)
    lines = _split_lines(source)
    return "".join(line for number, line in enumerate(lines, 1) if number in numbers).rstrip("\n")


def _line_numbers(nodes: Iterable[ast.stmt]) -> set[int]:
    """The lines of `nodes`, decorators included."""
    numbers: set[int] = set()
    for node in nodes:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(d.lineno for d in decorators)])
        numbers.update(range(first, (node.end_lineno or node.lineno) + 1))
    return numbers


def _split_lines(source: str) -> list[str]:
    """Lines as Python's parser counts them: form feeds and Unicode separators end none."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line + "\n" for line in lines[:-1]] + lines[-1:]
