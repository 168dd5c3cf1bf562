"""The built-in problems: every solution passes, every wrong one fails, every example is true."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.problems import DataSource, Problem, get_benchmark
from pytest_aibench.problems.compose import compose_humaneval

PROBLEMS = get_benchmark("basics").load(DataSource(None, Path("absent"))).problems
TOPICS = {
    "strings",
    "numbers",
    "lists",
    "maps",
    "recursion",
    "parsing",
    "simulation",
    "dynamic programming",
    "graphs",
}
# Executes the solutions of one problem, each with its tests in a namespace of its own, then the
# examples of the docstring. A process apart, so that a time limit can end it.
JUDGE = """
import doctest, json, sys

def outcome(program):
    try:
        exec(compile(program, "program", "exec"), {})
    except BaseException as error:
        return type(error).__name__
    return "passed"

def examples(source, name):
    namespace = {}
    exec(source, namespace)
    test = doctest.DocTestParser().get_doctest(
        namespace[name].__doc__, namespace, name, None, 0)
    return len(test.examples), doctest.DocTestRunner().run(test, out=sys.stderr.write).failed

task = json.load(sys.stdin)
outcomes = [outcome(program) for program in task["programs"]]
lines = 0

def trace(frame, event, argument):
    global lines
    lines += event == "line"
    return trace

sys.settrace(trace)
outcome(task["programs"][0])
sys.settrace(None)
count, wrong = examples(task["solution"], task["entry_point"])
json.dump({"outcomes": outcomes, "lines": lines, "examples": count, "wrong": wrong}, sys.stdout)
"""


def judge(problem: Problem) -> dict[str, Any]:
    texts = (problem.canonical_solution or "", *problem.wrong_solutions)
    task = {
        "programs": ["".join(compose_humaneval(problem, text)) for text in texts],
        "solution": problem.prompt + texts[0],
        "entry_point": problem.entry_point,
    }
    done = subprocess.run(
        [sys.executable, "-I", "-c", JUDGE],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.entry_point)
def test_solution_passes_wrong_ones_fail_and_examples_are_true(problem: Problem) -> None:
    result = judge(problem)
    canonical, *wrong = result["outcomes"]
    assert canonical == "passed"
    assert len(wrong) == 2
    assert all(outcome in {"AssertionError", "IndexError"} for outcome in wrong)
    assert result["examples"] >= 1
    assert result["wrong"] == 0
    assert result["lines"] < 1_000_000  # executed ones: a tenth of a second


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.entry_point)
def test_problem_has_the_form_of_humaneval(problem: Problem) -> None:
    assert problem.prompt.endswith('"""\n')
    assert f"def {problem.entry_point}(" in problem.prompt
    assert "->" in problem.prompt
    assert all(
        line.startswith("    ") or not line
        for text in (problem.canonical_solution or "", *problem.wrong_solutions)
        for line in text.splitlines()
    )
    assert problem.test.startswith("def check(candidate):\n")
    assert problem.test.count("    assert ") >= 6
    assert problem.prompt.isascii()


def test_ids_are_consecutive() -> None:
    assert [problem.id for problem in PROBLEMS] == [f"Basics/{i}" for i in range(len(PROBLEMS))]


def test_there_are_enough_problems_of_every_topic_and_difficulty() -> None:
    assert len(PROBLEMS) >= 36
    assert {problem.tags[0] for problem in PROBLEMS} == TOPICS
    difficulties = [problem.tags[1] for problem in PROBLEMS]
    assert {*difficulties} == {"easy", "medium", "hard"}
    assert min(difficulties.count(each) for each in {*difficulties}) >= 10


def test_no_stop_word_cuts_a_solution() -> None:
    stop = get_benchmark("basics").stop
    for problem in PROBLEMS:
        assert not any(word in f"\n{problem.canonical_solution}" for word in stop)
