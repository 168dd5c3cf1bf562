"""How code of each language is recognised in a reply and completed from its problem's prompt."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from pytest_aibench.errors import UsageError
from pytest_aibench.generation.python_code import (
    PythonCode,
    attach,
    helpers_for,
    lacking_names,
    parse_python,
    preamble_for,
    returns_at_top,
    without_usage,
)
from pytest_aibench.problems.problem import Problem

__all__ = ["PythonReader", "Reader", "reader_for"]


class Reader(Protocol):
    """Reads candidate code for one problem."""

    def speaks(self, tag: str) -> bool:
        """Whether a block tagged `tag` may hold code of the problem's language."""
        ...

    def defines(self, code: str) -> bool:
        """Whether `code` is well formed and defines the entry point, or does anything if none is
        named."""
        ...

    def names_entry(self, code: str) -> bool:
        """Whether `code` looks like a definition of the entry point, well formed or not."""
        ...

    def continued(self, code: str) -> str | None:
        """The prompt continued by `code`, where that is well formed."""
        ...

    def complete(self, code: str, blocks: Sequence[str]) -> str:
        """`code` with what the prompt and the reply's other blocks define for it."""
        ...


_PYTHON_TAGS = frozenset({"", "python", "python3", "py", "py3", "pycon", "ipython", "sage", "code"})


def reader_for(problem: Problem) -> Reader:
    """The reader of the problem's language.

    Raises:
        UsageError: the language is unknown, or its grammar is not installed.
    """
    if problem.language == "python":
        return PythonReader(problem)
    if problem.language not in _READERS:
        known = ", ".join(["python", *_READERS])
        raise UsageError(
            f"{problem.id}: code in {problem.language!r} cannot be found in replies; known: {known}"
        )
    module, name = _READERS[problem.language]
    reader: Reader = getattr(import_module(f"pytest_aibench.generation.{module}"), name)(problem)
    return reader


_READERS = {
    "javascript": ("javascript_code", "JavaScriptReader"),
    "java": ("java_code", "JavaReader"),
    "cpp": ("cpp_code", "CppReader"),
}


@dataclass(frozen=True, slots=True)
class PythonReader:
    """Python, read with `ast`."""

    problem: Problem

    def speaks(self, tag: str) -> bool:
        return tag in _PYTHON_TAGS

    def defines(self, code: str) -> bool:
        parsed = self._parsed_answer(code)
        if parsed is None or self.problem.entry_point:
            return parsed is not None and self.problem.entry_point in parsed.names
        return any(not _says_nothing(node) for node in parsed.tree.body)

    def names_entry(self, code: str) -> bool:
        if not self.problem.entry_point:
            return False
        name = re.escape(self.problem.entry_point)
        return re.search(rf"\b(?:def|class)\s+{name}\b", code) is not None

    def continued(self, code: str) -> str | None:
        """A body as it stands, or indented where the model left the indentation out."""
        prompt = self.problem.prompt.rstrip("\n") + "\n"
        for body in _bodies(code.strip("\n")):
            parsed = parse_python(prompt + body)
            if parsed is not None and self.problem.entry_point in parsed.names:
                return parsed.source
        return None

    def complete(self, code: str, blocks: Sequence[str]) -> str:
        parsed = parse_python(code)
        if parsed is None:
            return code
        entry = self.problem.entry_point
        if entry in parsed.names:
            parsed = parse_python(without_usage(parsed, entry)) or parsed
        parsed = self._with_blocks(parsed, [block for block in blocks if block != code])
        context = _prompt_code(self.problem)
        return attach(preamble_for(parsed, context, entry), parsed) if context else parsed.source

    def _parsed_answer(self, code: str) -> PythonCode | None:
        # Parsing is dear: code without the name cannot define it.
        return parse_python(code) if self.problem.entry_point in code else None

    def _with_blocks(self, code: PythonCode, blocks: Sequence[str]) -> PythonCode:
        """Helpers that the reply defines in other blocks, where `code` reads but lacks them."""
        if not blocks or not lacking_names(code):
            return code
        others = [other for block in blocks if (other := parse_python(block)) is not None]
        helpers = helpers_for(code, others, self.problem.entry_point)
        return parse_python(attach(helpers, code)) or code


def _prompt_code(problem: Problem) -> PythonCode | None:
    """The prompt parsed; one that ends in a bare signature gets a body first."""
    return parse_python(problem.prompt) or parse_python(problem.prompt + "\n    pass\n")


def _bodies(code: str) -> list[str]:
    """`code` as the body of a function, in the ways in which models indent one; most likely first.

    Code that starts at the left margin is a body only where it returns.
    """
    if code[:1] in (" ", "\t"):
        dedented = textwrap.dedent(code)
        alone = parse_python(dedented)
        says = alone is None or any(not _says_nothing(node) for node in alone.tree.body)
        return [code, textwrap.indent(dedented, "    ")] if says else []
    if "return" not in code:
        return []
    alone = parse_python(code)
    if alone is None:
        return ["    " + code]  # the first line's indentation is often lost
    return [textwrap.indent(code, "    ")] if returns_at_top(alone) else []


def _says_nothing(node: ast.stmt) -> bool:
    """A bare name or constant, such as `Sure` in a reply without code."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Name | ast.Constant)
