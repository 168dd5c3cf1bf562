"""How a solution and its tests become a program: pure functions from text to text.

The rule is that of openai/human-eval, `human_eval/execution.py`: the program is
prompt + completion + newline + test + newline + `check(entry_point)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pytest_aibench.problems.problem import Problem

__all__ = ["Compose", "compose_asserts", "compose_humaneval", "compose_with_numpy"]

Compose = Callable[[Problem, str, bool], tuple[str, str]]
"""`(problem, text, whole) -> (solution, tests)`; `whole`: the text is a program of its own."""


def compose_humaneval(problem: Problem, text: str, whole: bool = False) -> tuple[str, str]:
    """Solution and tests of a problem whose tests define `check(candidate)`."""
    return _solution(problem, text, whole), f"\n{problem.test}\ncheck({problem.entry_point})"


def compose_asserts(problem: Problem, text: str, whole: bool = False) -> tuple[str, str]:
    """Solution and tests of a problem whose tests are statements (MBPP)."""
    return _solution(problem, text, whole), f"\n{problem.test}"


def compose_with_numpy(problem: Problem, text: str, whole: bool = False) -> tuple[str, str]:
    """As `compose_asserts`, with `numpy` and `np` imported where the solution names them.

    HumanEval-X's harness imports numpy for every program; that takes longer than most of them.
    """
    code = _solution(problem, text, whole)
    imports = "import numpy\nimport numpy as np\n" if _NUMPY.search(code) else ""
    return imports + code, f"\n{problem.test}"


_NUMPY = re.compile(r"\b(?:np|numpy)\b")


def _solution(problem: Problem, text: str, whole: bool) -> str:
    return text if whole else problem.prompt + text
