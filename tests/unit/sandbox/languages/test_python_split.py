from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.sandbox.languages.python_split import SplitPython, take_apart
from pytest_aibench.sandbox.program import Program

STUB = 'def f(x):\n    """Double x."""\n'


@pytest.mark.parametrize(
    ("tests", "names"),
    [
        ("assert f(1) == 2", ["f"]),
        ("def check(c):\n    assert c(len([1])) == 2\ncheck(f)", ["f"]),
        ("def check(c):\n    return [c(i) for i in range(3)]\ncheck(f)\nassert g(2)", ["f", "g"]),
        ("import math\nassert math.isclose(f(1), 2)", ["f"]),
        ("class T:\n    v = f(1)\n    def m(self): return h(self.v)\nT().m()", ["f", "h"]),
        ("class T:\n    v = v\nassert f(1) == T.v", ["f", "v"]),
        ("assert sum([1]) == 1 and f(1)", ["f"]),
    ],
)
def test_names_that_tests_take_from_the_solution(tests: str, names: list[str]) -> None:
    apart = take_apart("", tests, "f")
    assert (list(apart.names), apart.impossible) == (names, "")


def test_a_solution_may_bear_a_builtins_name() -> None:
    assert take_apart("", "assert sum(1, 2) == 3", "sum").names == ("sum",)


def test_helpers_of_the_prompt_are_trusted_and_stubs_are_not() -> None:
    context = f"import math\nimport numpy\nRATE = 2\ndef helper(x):\n    return RATE * x\n{STUB}"
    apart = take_apart(context, "assert f(1) == helper(1)", "f")
    assert apart.names == ("f",)
    assert "def helper" in apart.definitions
    assert "RATE = 2" in apart.definitions
    assert "numpy" not in apart.definitions  # an import that nothing needs costs time
    assert "Double" not in apart.definitions


def test_what_the_prompt_imports_by_a_star_is_the_modules() -> None:
    apart = take_apart(f"from collections import *\n{STUB}", "assert Counter(f(1))", "f")
    assert (apart.names, apart.definitions) == (("f",), "from collections import *")


def test_nothing_else_that_a_prompt_names_is_imported_here() -> None:
    take_apart(f"from this import *\n{STUB}", "assert Counter(f(1))", "f")
    assert "this" not in sys.modules


def test_the_entry_point_is_never_taken_from_the_prompt() -> None:
    context = "def f(x):\n    import math\n    'Double x.'\n"
    assert take_apart(context, "assert f(1) == 2", "f").names == ("f",)


@pytest.mark.parametrize(
    ("tests", "reason"),
    [
        ("import io\nassert f(io.StringIO('')) == 2", "the tests use io"),
        ("from unittest import mock\nassert f(1)", "the tests use unittest"),
        ("exec('f(1)')\nf(2)", "the tests use exec"),
        ("try:\n    f(1)\nexcept Refused:\n    pass", "exceptions that the solution defines"),
        ("assert 1", "call nothing of the solution"),
        ("assert f(", "no Python"),
        ("x = '\0'", "no Python"),
    ],
)
def test_what_cannot_be_taken_apart(tests: str, reason: str) -> None:
    assert reason in take_apart("", tests, "f").impossible


@given(st.text(max_size=60), st.text(max_size=60))
def test_wild_text_has_an_answer(context: str, tests: str) -> None:
    apart = take_apart(context, tests, "f")
    assert bool(apart.names) != bool(apart.impossible)


def test_the_solution_travels_apart_from_the_tests() -> None:
    program = Program("python", "def f(x): return 2", "assert f(1) == 2", entry_point="f")
    assert SplitPython().parts(program) == (
        b'["f"]\0\0def f(x): return 2', b"\0assert f(1) == 2",
    )  # fmt: skip
