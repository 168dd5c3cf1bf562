"""Braces in C++, Java and JavaScript: how many are open at the end of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["block_end", "closed", "open_braces"]

# What may hold a brace that opens nothing: comments, texts, JavaScript's regular expressions (a
# slash where no operand can have ended). The braces themselves come last.
_TOKEN = re.compile(
    r"""
    //[^\n]* | /\*.*?\*/
    | \"{3}.*?\"{3} | R"(?P<mark>[^(\s]{0,16})\(.*?\)(?P=mark)"
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|[^`\\])*`
    | (?<=[(,=:\[!&|?;{}])\ */(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/
    | (?P<brace>[{}])
    """,
    re.VERBOSE | re.DOTALL,
)


def open_braces(code: str) -> int:
    """Opened minus closed braces outside of comments and texts; negative if one is too many."""
    return sum(1 if code[at] == "{" else -1 for at in _braces(code))


def closed(code: str, most: int) -> str:
    """`code` with the braces that it lacks at its end, one a line, if these are at most `most`."""
    lacking = open_braces(code)
    return code + "\n}" * lacking if 0 < lacking <= most else code


def block_end(code: str, start: int) -> int:
    """Where the block that begins at or after `start` ends: at its closing brace, or at the end."""
    depth = 0
    for at in _braces(code):
        if at >= start:
            depth += 1 if code[at] == "{" else -1
            if depth <= 0:
                return at
    return len(code)


def _braces(code: str) -> Iterator[int]:
    return (match.start() for match in _TOKEN.finditer(code) if match["brace"])
