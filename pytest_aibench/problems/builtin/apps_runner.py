"""How APPS's metric runs a program that reads text. This file runs in the sandbox, behind the
solution, and shares its fate: whatever it says is text, and is compared elsewhere.

What a program finds is what `unittest.mock` makes of `call_method` in codeparrot/apps_metric,
`testing_util.py`: a new `sys.stdin` for each input, an `open` that opens the input whatever is
named, and other readers on that `sys.stdin` which was there when the program was loaded, for those
who have imported it by name.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["printing"]


def printing(program: Callable[[], object]) -> Callable[[str], str]:
    """From an input to all that `program` prints for it, until it returns or exits."""

    def answer(given: str) -> str:
        with _surroundings(given) as printed, contextlib.suppress(SystemExit):
            program()
        return printed.getvalue()

    return answer


@contextlib.contextmanager
def _surroundings(given: str) -> Iterator[io.StringIO]:
    lines = iter(given.split("\n"))
    readers: dict[str, Callable[..., Any]] = {
        "read": lambda *_: given,
        "readline": lambda *_: next(lines),
        "readlines": lambda *_: given.split("\n"),
    }
    stdin, stdout, opened = sys.stdin, sys.stdout, builtins.open
    printed = io.StringIO()
    for name, reader in readers.items():
        setattr(stdin, name, reader)
    sys.stdin, sys.stdout = io.StringIO(given), printed
    builtins.open = _opener(given)
    try:
        yield printed
    finally:
        sys.stdin, sys.stdout, builtins.open = stdin, stdout, opened
        for name in readers:
            delattr(stdin, name)


def _opener(given: str) -> Any:
    def open_(*arguments: Any, **named: Any) -> Any:
        from unittest.mock import mock_open  # takes longer than most programs, and is seldom needed

        return mock_open(read_data=given)(*arguments, **named)

    return open_
