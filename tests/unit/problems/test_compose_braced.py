from __future__ import annotations

import pytest

from pytest_aibench.problems import Problem
from pytest_aibench.problems.compose_braced import compose_humaneval_x, compose_multipl_e

CPP = Problem("c", "int f(int a) {\n", "f", "int main() {}", language="cpp")
JAVA = Problem("j", "class Solution {\n    int f() {\n", "f", "class Main {}", language="java")
MULTI_CPP = Problem("c", "int f(int a) {\n", "f", "}\nint main() {}\n", language="cpp")
MULTI_JAVA = Problem(
    "j",
    "class Problem {\n    static int f() {\n",
    "f",
    "    }\n    public static void main(String[] a) {\n    }\n\n}\n",
    language="java",
)
MULTI_JS = Problem("s", "function f(){\n", "f", "test();", language="javascript")


@pytest.mark.parametrize(
    ("problem", "completion"),
    [(CPP, "    return a;\n}\n"), (JAVA, "        return 1;\n    }\n}")],
)
def test_humaneval_x_program_is_prompt_completion_and_test(
    problem: Problem, completion: str
) -> None:
    expected = (problem.prompt + completion, problem.test)
    assert compose_humaneval_x(problem, completion) == expected
    assert compose_humaneval_x(problem, problem.prompt + completion, True) == expected


@pytest.mark.parametrize(
    ("problem", "completion", "solution"),
    [
        (CPP, "    return a;", "int f(int a) {\n    return a;\n}"),
        (JAVA, "        return 1;", "class Solution {\n    int f() {\n        return 1;\n}\n}"),
        (JAVA, "        return 1;\n    }", JAVA.prompt + "        return 1;\n    }\n}"),
        (CPP, "    if (a) {\n", "int f(int a) {\n    if (a) {\n"),
    ],
    ids=["function", "method and class", "class", "not what the prompt opened"],
)
def test_what_a_stop_word_cut_off_is_closed_again(
    problem: Problem, completion: str, solution: str
) -> None:
    assert compose_humaneval_x(problem, completion) == (solution, problem.test)


@pytest.mark.parametrize(
    ("problem", "completion"),
    [(MULTI_CPP, "    return a;"), (MULTI_JAVA, "        return 1;")],
)
def test_multipl_e_tests_close_the_function(problem: Problem, completion: str) -> None:
    assert compose_multipl_e(problem, completion) == (problem.prompt + completion, problem.test)


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (MULTI_CPP, "int f(int a) {\n    return a;\n}"),
        (MULTI_CPP, "int g() { return 1; }\nint f(int a) {\n    return g();\n}"),
        (MULTI_JAVA, "class Problem {\n    static int f() {\n        return 1;\n    }"),
        (MULTI_JAVA, "class Problem {\n    static int f() {\n        return 1;\n    }\n}"),
    ],
)
def test_whole_solution_and_multipl_e_tests_fit_together(problem: Problem, code: str) -> None:
    solution, tests = compose_multipl_e(problem, code, True)
    program = f"{solution}\n{tests}"
    assert program.count("{") == program.count("}")
    assert "main(" in tests
    assert code.startswith(solution)


def test_classes_beside_the_solutions_stay_beside_it() -> None:
    code = "class Before {\n}\nclass Problem {\n    static int f() {\n    }\n}\nclass After {\n}\n"
    solution, tests = compose_multipl_e(MULTI_JAVA, code, True)
    assert solution == "class Before {\n}\nclass Problem {\n    static int f() {\n    }\n"
    assert tests.lstrip().startswith("public static void main")
    assert tests.endswith("}\n\nclass After {\n}\n")


@pytest.mark.parametrize("completion", ["  return 1;\n}\n", "  return 1;"])
def test_multipl_e_tests_in_javascript_begin_with_no_brace(completion: str) -> None:
    solution, tests = compose_multipl_e(MULTI_JS, completion)
    assert solution.rstrip() == "function f(){\n  return 1;\n}"
    assert tests == "test();"
