"""The code blocks of a reply, by CommonMark's rules (spec 0.31, section 4.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["Block", "code_blocks", "loose_blocks", "outer_span"]


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block. `tag` is the first word of its info string in lower case, or ""."""

    code: str
    tag: str
    closed: bool


def code_blocks(text: str) -> list[Block]:
    """Every fenced block in `text`, in order; a fence that is never closed runs to the end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    tokens = _parser().parse(text)
    return [_block(token, lines) for token in tokens if token.type == "fence"]


def outer_span(text: str) -> str | None:
    """What lies between the first fence and the last one, fences within included.

    For code that itself holds a fence (in a docstring, say): CommonMark ends the block there.
    """
    fences = list(_FENCE_LINE.finditer(text))
    if len(fences) < 3:
        return None
    return text[fences[0].end() + 1 : fences[-1].start()]


def loose_blocks(text: str) -> list[Block]:
    """What lies between one run of three backticks and the next, wherever in a line they stand.

    For replies whose fence opens behind a sentence, or closes behind the code. No CommonMark.
    """
    pieces = text.split("```")
    return [_loose(piece) for piece in pieces[1:-1:2]]


_FENCE_LINE = re.compile(r"^[ \t]{0,3}(?:```+|~~~+)[^`\n]*$", re.MULTILINE)
_WHOLE_TAG = re.compile(r"[ \t]*([\w+#-]*)[ \t]*\r?\n")
_TAG = re.compile(r"[\w+#-]+")


def _loose(piece: str) -> Block:
    tag = _WHOLE_TAG.match(piece)
    return Block(piece[tag.end() :], tag[1].lower(), True) if tag else Block(piece, "", True)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Blocks only: inline markup does not matter here, link definitions are dear, and an HTML block
    # (such as <details>) would swallow the fence that follows it.
    parser = MarkdownIt("zero", {"maxNesting": 20})
    parser.enable(["fence", "code", "blockquote", "list"])
    # Normalisation would replace NUL; line ends are normalised before.
    parser.core.ruler.enableOnly(["block"])
    return parser


def _block(token: Token, lines: list[str]) -> Block:
    tag = _TAG.search(token.info.strip().lower())
    return Block(token.content, tag[0] if tag else "", _is_closed(token, lines))


def _is_closed(token: Token, lines: list[str]) -> bool:
    first, end = token.map or [0, 0]
    last = lines[end - 1].strip().lstrip("> \t") if first < end - 1 <= len(lines) else ""
    return len(last) >= len(token.markup) and set(last) == {token.markup[0]}
