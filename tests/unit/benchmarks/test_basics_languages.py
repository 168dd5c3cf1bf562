"""The built-in problems in JavaScript, Java and C++: every solution passes, every wrong one fails.

All programs of a language are judged in one go by the machine's own toolchain; that each is a
program of its own is for the tests in the sandbox.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_aibench.problems import DataSource, Problem, get_benchmark
from pytest_aibench.problems.declarations import declared_name
from tests.unit.benchmarks import toolchains

NOWHERE = DataSource(None, Path("absent"))
PYTHON = get_benchmark("basics").load(NOWHERE).problems
LANGUAGES = ("javascript", "java", "cpp")
COMMANDS = {"javascript": ("node",), "java": ("javac", "java"), "cpp": ("g++",)}
JUDGES: dict[str, Callable[[list[str], Path], list[str]]] = {
    "javascript": toolchains.judge_javascript,
    "java": toolchains.judge_java,
    "cpp": toolchains.judge_cpp,
}
# What a wrong solution may run into before a test rejects it.
FAILURES = {
    "javascript": {"AssertionError", "TypeError"},
    "java": {"AssertionError", "StringIndexOutOfBoundsException"},
    "cpp": {"aborted"},
}


def problems_in(language: str) -> tuple[Problem, ...]:
    return get_benchmark(f"basics-{language}").load(NOWHERE).problems


def programs(language: str, problem: Problem) -> list[str]:
    compose = get_benchmark(f"basics-{language}").compose
    texts = (problem.canonical_solution or "", *problem.wrong_solutions)
    return ["\n".join(compose(problem, text, False)) for text in texts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_solutions_pass_and_wrong_ones_fail(language: str, tmp_path: Path) -> None:
    for command in COMMANDS[language]:
        if shutil.which(command) is None:
            pytest.skip(f"{command} is not installed")
    problems = problems_in(language)
    texts = [text for problem in problems for text in programs(language, problem)]
    outcomes = iter(JUDGES[language](texts, tmp_path))
    for problem in problems:
        canonical, *wrong = (next(outcomes) for _ in range(3))
        assert (problem.id, canonical) == (problem.id, "passed")
        assert (problem.id, {*wrong} - FAILURES[language]) == (problem.id, set())
    assert next(outcomes, None) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_problems_are_those_in_python(language: str) -> None:
    problems = problems_in(language)
    assert [problem.id for problem in problems] == [problem.id for problem in PYTHON]
    assert [problem.tags for problem in problems] == [problem.tags for problem in PYTHON]
    for problem, original in zip(problems, PYTHON, strict=True):
        assert problem.language == language
        assert problem.entry_point.lower() == original.entry_point.replace("_", "").lower() or (
            language == "cpp" and problem.entry_point == original.entry_point
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_prompt_declares_the_entry_point_and_shows_examples(language: str) -> None:
    for problem in problems_in(language):
        name = problem.entry_point
        assert declared_name(problem.prompt, language) == name
        examples = re.findall(rf"{name}\(.+\)\n?.* -> .+", problem.prompt)
        assert examples
        assert problem.prompt.isascii()
        assert problem.test.count(f"{name}(") >= 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_solution_that_is_cut_at_a_stop_word_is_closed_again(language: str) -> None:
    benchmark = get_benchmark(f"basics-{language}")
    for problem in problems_in(language):
        canonical = problem.canonical_solution or ""
        if "private static" in canonical or "throws" in canonical:
            continue  # a helper method follows the function, where completions end
        cut = min(at for word in benchmark.stop if (at := canonical.find(word)) >= 0)
        solution, _ = benchmark.compose(problem, canonical[:cut], False)
        assert solution.split() == (problem.prompt + canonical).split()
