"""What reading code in a reply has in common for JavaScript, Java and C++."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from pytest_aibench.generation.syntax import Edit, Source, edited, identifiers, parse, text_of, walk
from pytest_aibench.problems.problem import Problem

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["TYPED_DEFINITION", "Part", "TreeReader"]

TYPED_DEFINITION = (
    r"^[ \t]*(?:(?!return\b|else\b|throw\b|new\b|case\b)[\w<>\[\],:?&*@]+[ \t]+)+[*&]*%s[ \t]*\("
)
"""A line that begins with a type, as in Java and C++: `vector<int> *f(`."""

_TAILS = ("", "\n}", "\n}\n}")
_HELPER_PASSES = 4


class Part(NamedTuple):
    """One top-level piece of a program and the names it binds; a directive binds none.

    `directive`: an include, import, using or define, known by its text.
    """

    node: Node
    names: frozenset[str]
    directive: bool = False


class TreeReader(ABC):
    """A `Reader` by syntax tree; subclasses say what the pieces of their language are."""

    language: ClassVar[str]
    tags: ClassVar[frozenset[str]]
    definition: ClassVar[str]  # a pattern for the head of a definition of %s, in any line

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    @abstractmethod
    def parts(self, source: Source) -> list[Part]:
        """The top-level pieces of `source`, comments left out."""

    @abstractmethod
    def clean_up(self, source: Source) -> list[Edit]:
        """Edits that drop usage and whatever keeps `source` from being tested."""

    def speaks(self, tag: str) -> bool:
        return tag in self.tags or tag in ("", "code")

    def names_entry(self, code: str) -> bool:
        pattern = self.definition % re.escape(self.problem.entry_point)
        return re.search(pattern, code, re.MULTILINE) is not None

    def defines(self, code: str) -> bool:
        if self.problem.entry_point not in code or not _may_define(code):
            return False
        source = self.parsed(code)
        return source.sound and self._binds_entry(source)

    def continued(self, code: str) -> str | None:
        """The prompt and a body, with the closing brackets that models leave out."""
        if not _MAY_BE_BODY.search(code):
            return None
        alone = self.parsed(code)
        if alone.sound and not _returns_at_top(alone):
            return None
        prompt = self.problem.prompt.rstrip("\n") + "\n"
        sources = [self.parsed(prompt + code + tail) for tail in _TAILS]
        for source in sources:
            if source.sound and self._binds_entry(source):
                return source.text
        # A grammar does not know all of a language: what closes all that it and the prompt open is
        # a body all the same.
        whole = sources[0]
        return whole.text if _is_balanced(whole) and self._binds_entry(whole) else None

    def complete(self, code: str, blocks: Sequence[str]) -> str:
        if not _may_define(code):
            return code
        source = self.parsed(code)
        source = self.parsed(edited(source, self.clean_up(source)))
        if not self._binds_entry(source):
            return source.text
        source = self._with_helpers(source, [self.parsed(b) for b in blocks if b != code])
        return self.with_preamble(source)

    def with_preamble(self, source: Source) -> str:
        """`source` after what the prompt has beside the entry point and `source` lacks."""
        return _before(source, self._lacking(source, self.prompt_parts, everything=True))

    def parsed(self, code: str) -> Source:
        return parse(self.language, code)

    @cached_property
    def prompt(self) -> Source:
        """The prompt, closed so that it parses where that is possible."""
        texts = [self.parsed(self.problem.prompt + tail) for tail in _TAILS]
        return next((source for source in texts if source.sound), texts[0])

    @property
    def prompt_parts(self) -> list[Part]:
        return self.parts(self.prompt)

    def bound(self, source: Source) -> frozenset[str]:
        return frozenset().union(*(part.names for part in self.parts(source)))

    def _binds_entry(self, source: Source) -> bool:
        return self.problem.entry_point in self.bound(source)

    def _with_helpers(self, source: Source, others: Sequence[Source]) -> Source:
        """`source` with what it uses and lacks from other blocks of the reply, transitively."""
        candidates = [part for other in others if other.sound for part in self.parts(other)]
        for _ in range(_HELPER_PASSES):
            lacking = self._lacking(source, candidates, everything=False)
            if not lacking:
                break
            source = self.parsed(_before(source, lacking))
        return source

    def _lacking(self, source: Source, parts: Iterable[Part], *, everything: bool) -> list[str]:
        bound = self.bound(source)
        directives = {_squeezed(p.node) for p in self.parts(source) if p.directive}
        used = identifiers(source.root)
        texts = []
        for part in parts:
            if part.directive:
                wanted = _squeezed(part.node) not in directives
            elif self.problem.entry_point in part.names or part.names & bound:
                wanted = False
            else:
                wanted = everything or bool(part.names & used)
            if wanted:
                texts.append(_ended(part.node))
        return texts


def _may_define(code: str) -> bool:
    """No for prose in a fence: recovering from its errors takes a parser seconds a megabyte."""
    return "{" in code or "=>" in code


_MAY_BE_BODY = re.compile(r"[;}]|\breturn\b")


def _returns_at_top(source: Source) -> bool:
    """Whether a `return` stands outside every function and class."""
    pending = list(source.root.named_children)
    while pending:
        node = pending.pop()
        if node.type == "return_statement":
            return True
        if not node.type.endswith(_SCOPES):
            pending.extend(node.named_children)
    return False


_SCOPES = ("_declaration", "_definition", "function", "lambda_expression", "class", "_specifier")


def _is_balanced(source: Source) -> bool:
    """As many braces open as close, those in texts and comments aside."""
    kinds = [node.type for node in walk(source.root) if node.type in ("{", "}")]
    return kinds.count("{") == kinds.count("}") > 0


def _before(source: Source, texts: Sequence[str]) -> str:
    return "\n".join([*texts, source.text]) if texts else source.text


def _ended(node: Node) -> str:
    """The text of `node`; the semicolon after a C++ type is a node of its own."""
    after = node.next_sibling
    return text_of(node).rstrip("\n") + (";" if after is not None and after.type == ";" else "")


def _squeezed(node: Node) -> str:
    return "".join(text_of(node).split())
