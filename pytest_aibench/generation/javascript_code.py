"""JavaScript in replies, as a CommonJS script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from pytest_aibench.generation.syntax import Edit, Source, removal, text_of, walk
from pytest_aibench.generation.tree_reader import Part, TreeReader

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["JavaScriptReader"]

_EXPORTS = re.compile(r"\s*(?:module\s*\.\s*)?exports\b")
_OWN_MODULE = re.compile(r"require\s*\.\s*main\s*===?\s*module|module\s*===?\s*require\s*\.\s*main")


class JavaScriptReader(TreeReader):
    """Functions, classes and variables of a script; exports are taken off, usage is dropped."""

    language: ClassVar[str] = "javascript"
    tags: ClassVar[frozenset[str]] = frozenset(
        {"javascript", "js", "jsx", "node", "nodejs", "mjs", "cjs", "ecmascript", "es6"}
    )

    definition: ClassVar[str] = (
        r"^(?:export +(?:default +)?)?(?:async +)?"
        r"(?:function[ *]|const |let |var |class )[ *]*%s\b"
    )

    def parts(self, source: Source) -> list[Part]:
        found = []
        for node in source.root.named_children:
            inner = node.child_by_field_name("declaration") if _is_export(node) else node
            names = _names(inner or node)
            if names:
                found.append(Part(node, names))
            elif node.type == "import_statement":
                found.append(Part(node, frozenset(), directive=True))
        return found

    def clean_up(self, source: Source) -> list[Edit]:
        edits = []
        for node in source.root.named_children:
            declaration = node.child_by_field_name("declaration")
            if _is_export(node) and declaration is not None:
                # The tests run a script, in which `export` is an error.
                edits.append(Edit(node.start_byte, declaration.start_byte))
            elif _is_export(node) or self._is_usage(node):
                edits.append(removal(node))
        return edits

    def _is_usage(self, node: Node) -> bool:
        if node.type == "if_statement":
            condition = node.child_by_field_name("condition")
            return condition is not None and bool(_OWN_MODULE.search(text_of(condition)))
        if node.type != "expression_statement":
            return False
        expression = node.named_children[0] if node.named_children else node
        if expression.type == "assignment_expression":
            return _EXPORTS.match(text_of(expression)) is not None
        if expression.type != "call_expression":
            return False
        called = expression.child_by_field_name("function")
        return (called is not None and text_of(called).startswith("console.")) or any(
            self._calls_entry(part) for part in walk(expression)
        )

    def _calls_entry(self, node: Node) -> bool:
        called = node.child_by_field_name("function") if node.type == "call_expression" else None
        return called is not None and text_of(called) == self.problem.entry_point


def _is_export(node: Node) -> bool:
    return node.type == "export_statement"


def _names(node: Node) -> frozenset[str]:
    if node.type in ("lexical_declaration", "variable_declaration"):
        targets = (child.child_by_field_name("name") for child in node.named_children)
        return frozenset(name for target in targets if target for name in _bound_by(target))
    if node.type in _DEFINITIONS:
        name = node.child_by_field_name("name")
        return frozenset({text_of(name)} if name else ())
    if node.type == "expression_statement" and node.named_children:
        return _assigned(node.named_children[0])
    return frozenset()


_DEFINITIONS = frozenset(
    {"function_declaration", "generator_function_declaration", "class_declaration"}
)


def _bound_by(pattern: Node) -> frozenset[str]:
    kinds = ("identifier", "shorthand_property_identifier_pattern")
    return frozenset(text_of(node) for node in walk(pattern) if node.type in kinds)


def _assigned(expression: Node) -> frozenset[str]:
    """`f = ...` without a declaration makes a global in a script."""
    left = expression.child_by_field_name("left")
    plain = expression.type == "assignment_expression" and left and left.type == "identifier"
    return frozenset({text_of(left)} if plain and left else ())
