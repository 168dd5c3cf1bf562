"""A module of this project as a part of a program for the sandbox."""

from __future__ import annotations

import inspect
from functools import lru_cache
from types import ModuleType

__all__ = ["embedded"]

# The builtins are reached by a name that no solution has.
_EMBEDDED = """\
import builtins as aibench_builtins
{name} = {{}}
aibench_builtins.exec({source!r}, {name})
"""


@lru_cache
def embedded(name: str, module: ModuleType) -> str:
    """Statements that execute the source of `module` in a namespace of its own, called `name`, as a
    solution may define whatever it likes."""
    return _EMBEDDED.format(name=name, source=inspect.getsource(module))
