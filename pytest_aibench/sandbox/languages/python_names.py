"""Names that Python source uses and binds, by the compiler's own tables. Nothing is executed."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator

__all__ = ["BUILTINS", "bound_by", "bound_globals", "bound_names", "unbound_globals"]

BUILTINS = frozenset(dir(builtins))


def bound_by(node: ast.AST) -> list[str]:
    """Names that `node` itself binds: definition, argument, target, import, `except as`."""
    match node:
        case ast.Name(name, ast.Store()) | ast.arg(name):
            return [name]
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            return [name]
        case ast.alias(name, other):
            return [other or name.partition(".")[0]]
        case ast.ExceptHandler(name=str(name)):
            return [name]
    return []


def bound_names(source: str) -> set[str]:
    """Names that `source` binds at its top level."""
    return {s.get_name() for s in _table(source).get_symbols() if _binds(s)}


def bound_globals(source: str) -> set[str]:
    """Global names that `source` binds, from its functions too."""
    return {s.get_name() for s in _globals(_table(source)) if _binds(s)}


def unbound_globals(source: str, entry_point: str = "") -> set[str]:
    """Global names that `source` uses and neither binds nor finds among the builtins.

    A solution may well bear the name of a builtin function.
    """
    table = _table(source)
    used = {s.get_name() for s in _globals(table) if s.is_referenced()}
    used |= set(_read_in_classes(table))
    return used - bound_globals(source) - (BUILTINS - {entry_point})


def _table(source: str) -> symtable.SymbolTable:
    return symtable.symtable(source, "<source>", "exec")


def _globals(top: symtable.SymbolTable) -> Iterator[symtable.Symbol]:
    for table in _tables(top):
        for symbol in table.get_symbols():
            if table is top or symbol.is_global():
                yield symbol


def _read_in_classes(top: symtable.SymbolTable) -> Iterator[str]:
    """Names of class bodies, which may be global ones until the body binds them."""
    for table in _tables(top):
        if table.get_type() == "class":
            yield from (s.get_name() for s in table.get_symbols() if s.is_referenced())


def _binds(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported()


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)
