"""From a solution of an APPS problem to the program that APPS's metric makes of it."""

from __future__ import annotations

import re

from pytest_aibench.problems.builtin import apps_judge, apps_runner
from pytest_aibench.problems.builtin.embedding import embedded
from pytest_aibench.problems.problem import Problem

__all__ = ["as_function", "compose_solution", "compose_tests"]

# What every solution finds imported.
_IMPORTS = """\
import sys
import time
import itertools
from itertools import accumulate, combinations, permutations, product
import collections
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
from functools import lru_cache
import math
from math import ceil, cos, exp, fabs, floor, gcd, log, log2, sin, sqrt, tan
import fractions
from typing import List, Tuple
import random
import heapq
from heapq import *
"""
# Takes longer than most programs.
_NUMPY = "import numpy as np\n"
_NAMES_NUMPY = re.compile(r"\bnp\b")

_PRINTING = 'aibench_answer = aibench_runner["printing"](code)\n'
_CHECK = 'aibench_judge["check_{what}"](aibench_answer, {tests!r})\n'


def compose_solution(problem: Problem, code: str) -> str:
    """A program that ends by defining `aibench_answer`, which takes one of the tests' inputs.

    That is the problem's function, or for a problem without one what `code` prints: there the
    solution is the body of a function, which runs once for each input.
    """
    imports = _IMPORTS + (_NUMPY if _NAMES_NUMPY.search(code) else "")
    if problem.entry_point:
        owner = "Solution()." if "class Solution" in code else ""
        return f"{imports}{code}\n\naibench_answer = {owner}{problem.entry_point}\n"
    return f"{imports}{as_function(code)}\n{embedded('aibench_runner', apps_runner)}{_PRINTING}"


def compose_tests(problem: Problem, tests: str) -> str:
    """`tests` is the JSON text of inputs and outputs."""
    what = "returned" if problem.entry_point else "printed"
    return embedded("aibench_judge", apps_judge) + _CHECK.format(what=what, tests=tests)


def as_function(code: str) -> str:
    """`code` as the body of the function `code`, without the imports that it begins with."""
    lines: list[str] = []
    begun = False
    for line in code.split("\n"):
        if not begun and not line.startswith(("from ", "import ")):
            lines.append("stdin = sys.stdin\nstdout = sys.stdout\ndef code():")
            begun = True
        lines.append(f"\t{line}" if begun else line)
    return "\n".join(lines) + "\n"
