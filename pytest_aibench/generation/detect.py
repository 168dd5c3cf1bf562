"""Which programming language a text is in: the one whose grammar it breaks least.

Grammars tell languages apart where words do not: all of 2,778 published solutions are told right,
of which `guess_lexer` of pygments finds one in ten. The figures are in docs/languages.md.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_aibench.generation.python_code import parse_python
from pytest_aibench.generation.syntax import Source, parse, text_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["CERTAIN", "Guess", "detect", "fits", "language_of_tag"]

CERTAIN = 1.0
"""The confidence of code that defines something, and all of which fits one grammar alone."""

_MOST = 64 << 10  # characters; recovering from errors takes a parser seconds a megabyte
_DEFINITIONS = {
    "javascript": frozenset(
        {"function_declaration", "generator_function_declaration", "function_expression"}
        | {"arrow_function", "class_declaration", "method_definition"}
    ),
    "java": frozenset({"method_declaration", "class_declaration", "record_declaration"}),
    "cpp": frozenset({"function_definition", "class_specifier", "struct_specifier"}),
}
# Words of JavaScript that the grammars of Java and C++ take for the names of types.
_NO_TYPES = frozenset({"function", "let", "var", "async"})
_PYTHON_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_TAGS = {
    "python": "python python3 py py3 ipython",
    "javascript": "javascript js jsx node nodejs mjs cjs ecmascript es6",
    "java": "java",
    "cpp": "cpp c++ cc cxx hpp",
    "c": "c h",
    "typescript": "typescript ts tsx",
    "c#": "csharp c# cs",
    "go": "go golang",
    "rust": "rust rs",
    "ruby": "ruby rb",
    "php": "php",
    "kotlin": "kotlin kt",
    "swift": "swift",
    "scala": "scala",
    "haskell": "haskell hs",
    "julia": "julia jl",
    "lua": "lua",
    "perl": "perl",
    "r": "r",
    "dart": "dart",
}
_LANGUAGES = {tag: language for language, tags in _TAGS.items() for tag in tags.split()}


@dataclass(frozen=True, slots=True)
class Guess:
    """`confidence` is from 0, two grammars fit alike or nothing is defined, to `CERTAIN`."""

    language: str
    confidence: float


def language_of_tag(tag: str) -> str:
    """The programming language that the info string of a fence names; empty where it names none."""
    return _LANGUAGES.get(tag, "")


def detect(code: str) -> Guess:
    """The language of `code`: python, javascript, java or cpp.

    The confidence is 1 - (share of `code` in errors of the best grammar) / (that of the second).
    """
    code = code[:_MOST]
    broken = {"python": 0.0 if parse_python(code) is not None else 1.0}
    sources = {name: parse(name, code) for name in _DEFINITIONS} if _has_blocks(code) else {}
    size = max(1, len(code.encode("utf-8", "surrogatepass")))
    broken |= {name: min(1.0, _broken(name, source) / size) for name, source in sources.items()}
    best = min(broken, key=broken.__getitem__)
    second = min((share for name, share in broken.items() if name != best), default=1.0)
    if not second or not _defines(best, code, sources):
        return Guess(best, 0.0)
    return Guess(best, 1 - broken[best] / second)


def fits(language: str, code: str) -> bool:
    """Whether all of `code` is well formed in `language`."""
    if language == "python":
        return parse_python(code) is not None
    return parse(language, code).sound


def _has_blocks(code: str) -> bool:
    return "{" in code or "=>" in code


def _broken(language: str, source: Source) -> int:
    """Bytes in errors, at least one for each."""
    count = sum(_is_no_type(language, node) for node in walk(source.root))
    pending = [] if source.sound else [source.root]
    while pending:
        node = pending.pop()
        if node.type == "ERROR" or node.is_missing:
            count += max(1, node.end_byte - node.start_byte)
        elif node.has_error:
            pending.extend(node.children)
    return count


def _is_no_type(language: str, node: Node) -> bool:
    if node.type != "type_identifier" or text_of(node) not in _NO_TYPES:
        return False
    templated = node.parent is not None and node.parent.type == "template_type"  # function<int()>
    return not templated and not (language == "java" and text_of(node) == "var")


def _defines(language: str, code: str, sources: dict[str, Source]) -> bool:
    if language != "python":
        return any(_is_definition(language, node) for node in walk(sources[language].root))
    parsed = parse_python(code)
    return parsed is not None and any(
        isinstance(node, _PYTHON_DEFINITIONS) for node in ast.walk(parsed.tree)
    )


def _is_definition(language: str, node: Node) -> bool:
    return node.type in _DEFINITIONS[language]
