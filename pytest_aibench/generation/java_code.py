"""Java in replies: the entry point is a method, to be found in the class that the prompt opens."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from pytest_aibench.generation.syntax import Edit, Source, edited, removal, text_of, walk
from pytest_aibench.generation.tree_reader import TYPED_DEFINITION, Part, TreeReader

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["JavaReader"]

_TYPES = frozenset(
    {"class_declaration", "interface_declaration", "enum_declaration", "record_declaration"}
)
_MEMBERS = frozenset({"method_declaration", "field_declaration", "local_variable_declaration"})


class JavaReader(TreeReader):
    """Types and methods of one file, in which no class is public and none has a `main`."""

    language: ClassVar[str] = "java"
    tags: ClassVar[frozenset[str]] = frozenset({"java"})

    definition: ClassVar[str] = TYPED_DEFINITION

    def parts(self, source: Source) -> list[Part]:
        found = []
        for node in source.root.named_children:
            if node.type == "import_declaration":
                found.append(Part(node, frozenset(), directive=True))
            elif node.type in _TYPES:
                methods = (_name(member) for member in _members(node))
                found.append(Part(node, frozenset({_name(node), *methods})))
            elif node.type in _MEMBERS:
                found.append(Part(node, frozenset({_name(node)})))
        return found

    def clean_up(self, source: Source) -> list[Edit]:
        """Drop the package, `main` methods and classes that hold nothing else; `public` of types.

        All types share the tests' file, where a public one would have to give the file its name.
        """
        edits = []
        for node in source.root.named_children:
            if node.type == "package_declaration" or _is_main(node):
                edits.append(removal(node))
            elif node.type in _TYPES:
                members = list(_members(node))
                mains = [member for member in members if _is_main(member)]
                whole = bool(mains) and len(mains) == len(members)
                edits += [removal(node)] if whole else [*map(removal, mains), *_public(node)]
        return edits

    def with_preamble(self, source: Source) -> str:
        source = self.parsed(self._in_its_class(source))
        source = self.parsed(edited(source, self._helpers(source)))
        return super().with_preamble(source)

    @property
    def prompt_parts(self) -> list[Part]:
        # The members of the prompt's class are put into the class, not before the file.
        return [part for part in self.parts(self.prompt) if self._class_name not in part.names]

    @cached_property
    def _class_name(self) -> str:
        node = _type_with(self.prompt, self.problem.entry_point)
        return _name(node) if node is not None else "Solution"

    def _in_its_class(self, source: Source) -> str:
        """The entry point's class under the prompt's name; bare methods get that class."""
        node = _type_with(source, self.problem.entry_point)
        if node is None:
            bare = [n for n in source.root.named_children if n.type in _MEMBERS]
            body = "\n\n".join(text_of(n) for n in bare)
            rest = edited(source, map(removal, bare)).strip()
            return f"{rest}\n\nclass {self._class_name} {{\n{body}\n}}\n".lstrip("\n")
        old = _name(node)
        if old == self._class_name:
            return source.text
        return edited(source, _renamings(source, old, self._class_name))

    def _helpers(self, source: Source) -> list[Edit]:
        """Members of the prompt's class that the reply's class lacks, at its end."""
        theirs = _type_with(self.prompt, self.problem.entry_point)
        own = _type_with(source, self.problem.entry_point)
        if theirs is None or own is None:
            return []
        have = {_name(member) for member in _members(own)} | {self.problem.entry_point}
        lacking = [text_of(m) for m in _members(theirs) if _name(m) not in have]
        body = own.child_by_field_name("body")
        end = body.end_byte - 1 if body is not None else own.end_byte
        return [Edit(end, end, "\n" + "\n\n".join(lacking) + "\n")] if lacking else []


def _members(node: Node) -> Iterator[Node]:
    body = node.child_by_field_name("body")
    for member in body.named_children if body is not None else ():
        if not member.type.endswith("comment"):
            yield member


def _name(node: Node) -> str:
    name = node.child_by_field_name("name")
    if name is None:
        declarator = node.child_by_field_name("declarator")
        name = declarator.child_by_field_name("name") if declarator is not None else None
    return text_of(name) if name is not None else ""


def _type_with(source: Source, method: str) -> Node | None:
    for node in source.root.named_children:
        if node.type in _TYPES and any(_name(member) == method for member in _members(node)):
            return node
    return None


def _is_main(node: Node) -> bool:
    if node.type != "method_declaration" or _name(node) != "main":
        return False
    return any("static" in text_of(child) for child in node.children if child.type == "modifiers")


def _public(node: Node) -> list[Edit]:
    modifiers = (child for child in node.children if child.type == "modifiers")
    return [
        removal(word) for child in modifiers for word in child.children if word.type == "public"
    ]


def _renamings(source: Source, old: str, new: str) -> list[Edit]:
    """Every type or bare identifier `old` becomes `new`; texts and comments stay."""
    return [
        Edit(node.start_byte, node.end_byte, new)
        for node in walk(source.root)
        if node.type in ("identifier", "type_identifier") and text_of(node) == old
    ]
