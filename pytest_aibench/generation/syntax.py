"""Source text as a syntax tree, for languages other than Python: tree-sitter, and edits by node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from pytest_aibench.errors import UsageError

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

__all__ = ["Edit", "Source", "edited", "identifiers", "parse", "removal", "text_of", "walk"]

GRAMMARS = {
    "javascript": "tree_sitter_javascript",
    "java": "tree_sitter_java",
    "cpp": "tree_sitter_cpp",
}


@dataclass(frozen=True, slots=True)
class Source:
    """`data` is the text in UTF-8, in which nodes count; `sound` where all of it parses."""

    data: bytes
    root: Node
    sound: bool

    @property
    def text(self) -> str:
        return _decoded(self.data)


class Edit(NamedTuple):
    """Replace the bytes from `start` to `end`."""

    start: int
    end: int
    text: str = ""


def parse(language: str, text: str) -> Source:
    """`text` as far as it can be understood; never fails.

    Raises:
        UsageError: the grammar is not installed.
    """
    data = text.encode("utf-8", "surrogatepass")
    root = _parser(language).parse(data).root_node
    return Source(data, root, not root.has_error)


def text_of(node: Node) -> str:
    """The text that `node` spans."""
    return _decoded(node.text or b"")


def walk(node: Node) -> Iterator[Node]:
    """`node` and everything in it, in no particular order; no recursion, whatever the depth."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(node.children)


def identifiers(node: Node) -> frozenset[str]:
    """Every identifier in `node`, whatever it stands for."""
    return frozenset(text_of(n) for n in walk(node) if n.type.endswith("identifier"))


def removal(node: Node) -> Edit:
    """Remove `node`."""
    return Edit(node.start_byte, node.end_byte)


def edited(source: Source, edits: Iterable[Edit]) -> str:
    """The text after `edits`; one that lies within another is part of it."""
    out: list[bytes] = []
    at = 0
    for start, end, text in sorted(edits, key=lambda e: (e.start, -e.end)):
        if start >= at:
            out += [source.data[at:start], text.encode("utf-8", "surrogatepass")]
            at = end
    return _decoded(b"".join([*out, source.data[at:]]))


@cache
def _parser(language: str) -> Parser:
    try:
        from tree_sitter import Language, Parser

        return Parser(Language(import_module(GRAMMARS[language]).language()))
    except ImportError as error:
        package = GRAMMARS[language].replace("_", "-")
        raise UsageError(
            f"code in {language} is found with tree-sitter ({error}); "
            f"install it: pip install tree-sitter {package}"
        ) from error


def _decoded(data: bytes) -> str:
    # An edit never cuts a character, but a parser may do so in text that is no code.
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")
