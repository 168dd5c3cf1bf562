"""Which JavaScript tests can run in a process apart from the solution, and what they need of it.

Everything here reads trusted text only: the tests, and the prompt that they belong to. Which names
of the tests are the solution's, node tells when it runs them.
"""

from __future__ import annotations

import json
import re

from pytest_aibench.sandbox.languages.javascript import JavaScript
from pytest_aibench.sandbox.program import Program

__all__ = ["SplitJavaScript", "impossible"]

# Through these, tests see more of a solution than the values of its functions: what it exports,
# prints or changes in the process, and what it does after its functions have returned.
_SHARED = re.compile(
    r"""
      \b (?: process | global | globalThis | module | exports ) \s* [.\[=]
    | \b (?: await | async | Promise | import | eval | Function | instanceof ) \b
    | \b (?: setTimeout | setInterval | setImmediate | queueMicrotask ) \b
    | \. \s* (?: then | constructor | prototype | __proto__ ) \b
    | \b require \b (?! \s* \( \s* ["'] (?: (?: node: )? assert (?: /strict )? | js-md5 ) ["'] )
    | \b console \b (?! \s* \. \s* (?: assert | log | info | warn | error ) \s* \( )
    """,
    re.VERBOSE,
)
_DECLARATION = r"^(?:(?:const|let|var)\s+{0}\s*=|(?:async\s+)?function\s*\*?\s*{0}\b)"


class SplitJavaScript(JavaScript):
    """JavaScript with the tests in a process of their own."""

    name = "javascript-split"
    started = 2

    def parts(self, program: Program) -> tuple[bytes, ...]:
        solution, tests = super().parts(program)
        facts = {"entryPoint": program.entry_point, "definitions": _definitions(program)}
        return json.dumps(facts).encode("ascii"), solution, tests


def impossible(program: Program) -> str:
    """Why the program's tests cannot run apart from its solution; empty where they can."""
    shared = _SHARED.search(program.tests)
    return f"the tests use {shared[0].strip()}" if shared else ""


def _definitions(program: Program) -> str:
    """What the prompt defines before the function that a solution has to supply."""
    context = program.rules.preamble + program.context
    if not program.entry_point:
        return ""
    declaration = re.compile(_DECLARATION.format(re.escape(program.entry_point)), re.MULTILINE)
    starts = [found.start() for found in declaration.finditer(context)]
    return context[: starts[-1]] if starts else ""
