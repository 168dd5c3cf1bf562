"""Names that Python source uses and binds, by the compiler's own tables. Nothing is executed."""

from __future__ import annotations

import builtins
import symtable
from collections.abc import Iterator

__all__ = ["BUILTINS", "bound_globals", "bound_names", "unbound_globals"]

BUILTINS = frozenset(dir(builtins))


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
    used = {s.get_name() for s in _globals(_table(source)) if s.is_referenced()}
    return used - bound_globals(source) - (BUILTINS - {entry_point})


def _table(source: str) -> symtable.SymbolTable:
    return symtable.symtable(source, "<source>", "exec")


def _globals(top: symtable.SymbolTable) -> Iterator[symtable.Symbol]:
    for table in _tables(top):
        for symbol in table.get_symbols():
            if table is top or symbol.is_global():
                yield symbol


def _binds(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported()


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)
