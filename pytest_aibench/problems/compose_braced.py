"""How programs in C++, Java and JavaScript are composed by the harnesses that judge them.

A chat reply holds a whole solution, a base model's continuation ends before the stop word that
closes the function. Both become what the reference harness would have run.
"""

from __future__ import annotations

import re

from pytest_aibench.problems.braces import block_end, closed, open_braces
from pytest_aibench.problems.problem import Problem

__all__ = ["compose_humaneval_x", "compose_multipl_e"]


def compose_humaneval_x(problem: Problem, text: str, whole: bool = False) -> tuple[str, str]:
    """Solution and tests of HumanEval-X (CodeGeeX, `process_humaneval_test`): prompt + completion,
    newline, test.

    What the prompt opened and the completion left open is closed, as CodeGeeX's and BigCode's
    clean-up of completions do.
    """
    code = text if whole else problem.prompt + text
    return closed(code, most=open_braces(problem.prompt)), problem.test


def compose_multipl_e(problem: Problem, text: str, whole: bool = False) -> tuple[str, str]:
    """Solution and tests of MultiPL-E: prompt + completion, newline, tests.

    The tests begin with the brace that closes the function (not in JavaScript), for completions
    that were cut before it. Where the solution closes its function, that brace is left out; where
    it closes Java's class as well, the tests, which are a method of the class, get into it, and
    what follows the class comes after them.
    """
    code = text if whole else problem.prompt + text
    if not problem.test.lstrip().startswith("}"):
        return closed(code, most=open_braces(problem.prompt)), problem.test
    surplus = open_braces(problem.prompt) - open_braces(code)
    if surplus <= 0:
        return code, problem.test
    tests = problem.test.lstrip().removeprefix("}")
    if surplus == 1:
        return code, tests
    end = block_end(code, _class_start(problem, code))
    return code[:end], tests + code[end + 1 :]


def _class_start(problem: Problem, code: str) -> int:
    """Where `code` declares the class that the prompt leaves open; 0 if it does not."""
    names = re.findall(r"^class\s+(\w+)", problem.prompt, re.MULTILINE)
    found = re.search(rf"\bclass\s+{names[-1]}\b", code) if names else None
    return found.start() if found else 0
