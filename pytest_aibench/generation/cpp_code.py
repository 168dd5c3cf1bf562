"""C++ in replies: one translation unit without a main of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pytest_aibench.generation.syntax import Edit, Source, removal, text_of
from pytest_aibench.generation.tree_reader import TYPED_DEFINITION, Part, TreeReader

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["CppReader"]

_DIRECTIVES = frozenset({"preproc_include", "preproc_def", "preproc_function_def", "preproc_call"})
_TYPES = frozenset({"struct_specifier", "class_specifier", "enum_specifier", "union_specifier"})


class CppReader(TreeReader):
    """Functions, types and constants; `main` is dropped, as the tests bring their own."""

    language: ClassVar[str] = "cpp"
    tags: ClassVar[frozenset[str]] = frozenset({"cpp", "c++", "cc", "cxx", "hpp", "h", "c"})

    definition: ClassVar[str] = TYPED_DEFINITION

    def parts(self, source: Source) -> list[Part]:
        found = []
        for node in source.root.named_children:
            if node.type in _DIRECTIVES or node.type == "using_declaration":
                found.append(Part(node, frozenset(), directive=True))
            elif names := _names(node):
                found.append(Part(node, names))
        return found

    def clean_up(self, source: Source) -> list[Edit]:
        return [
            removal(node)
            for node in source.root.named_children
            if node.type == "function_definition" and _names(node) == {"main"}
        ]


def _names(node: Node) -> frozenset[str]:
    if node.type == "template_declaration":
        return frozenset().union(*(_names(child) for child in node.named_children))
    if node.type in _TYPES:
        return _text(node.child_by_field_name("name"))
    if node.type in ("alias_declaration", "namespace_definition"):
        return _text(node.child_by_field_name("name"))
    if node.type in ("function_definition", "declaration", "type_definition"):
        kind = node.child_by_field_name("type")
        own = _names(kind) if kind is not None and kind.type in _TYPES else frozenset()
        return own.union(*(_declared(d) for d in node.children_by_field_name("declarator")))
    return frozenset()


def _declared(node: Node | None) -> frozenset[str]:
    """The name in a declarator: `*&f(int a)` declares f. A mere prototype binds nothing."""
    while node is not None and node.type not in ("identifier", "type_identifier"):
        if node.type == "function_declarator" and _is_prototype(node):
            return frozenset()
        inner = node.child_by_field_name("declarator")
        # A reference's declarator has no field name in this grammar.
        node = inner or next(iter(node.named_children), None)
    return _text(node)


def _is_prototype(node: Node) -> bool:
    parent = node.parent
    while parent is not None and parent.type.endswith("_declarator"):
        parent = parent.parent
    return parent is not None and parent.type == "declaration"


def _text(node: Node | None) -> frozenset[str]:
    return frozenset({text_of(node)} if node is not None else ())
