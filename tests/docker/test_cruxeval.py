"""Predictions are evaluated apart from the assertion that they are compared in."""

from __future__ import annotations

import pytest

from pytest_aibench.problems import Problem, get_benchmark
from pytest_aibench.problems.builtin import cruxeval
from pytest_aibench.records import Verdict
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program

ROW = {
    "id": "sample_0",
    "code": "def f(a, b):\n    return {a: [b, None]}",
    "input": "'x', (1, 2)",
    "output": "{'x': [(1, 2), None]}",
}
OUTPUT = cruxeval._output_problem(ROW, thought=False)
INPUT = cruxeval._input_problem(ROW, thought=False)


def judge(executor: DockerExecutor, problem: Problem, answer: str) -> Verdict:
    benchmark = get_benchmark(f"cruxeval-{'output' if problem is OUTPUT else 'input'}")
    solution, tests = benchmark.compose(problem, answer, True)
    limits = Limits(cpu_seconds=benchmark.cpu_seconds)
    return executor.execute(
        Program("python", solution, tests, limits, entry_point=problem.entry_point)
    )


@pytest.mark.parametrize(("problem", "proof"), [(INPUT, "split"), (OUTPUT, "plain")])
def test_the_published_answer_is_confirmed(
    executor: DockerExecutor, problem: Problem, proof: str
) -> None:
    verdict = judge(executor, problem, problem.canonical_solution or "")
    assert (verdict.kind, verdict.proof) == ("passed", proof)


EQUAL = "type('E', (), {'__eq__': lambda *_: True})()"


@pytest.mark.parametrize(
    ("problem", "answer", "kind"),
    [
        (OUTPUT, "{'x': [(1, 2)]}", "wrong_answer"),
        (OUTPUT, "{} or True", "wrong_answer"),
        (OUTPUT, "f('x', (1, 2))", "runtime_error"),
        (OUTPUT, "f( 'x', (1, 2))", "runtime_error"),
        (OUTPUT, "{'x': [(1, 2)", "compile_error"),
        (OUTPUT, EQUAL, "suspicious"),
        (INPUT, "f('x', 2)", "wrong_answer"),
        (INPUT, "f('x', 2) or True", "wrong_answer"),
        (INPUT, "(f('x', 2), {'x': [(1, 2), None]})[1]", "wrong_answer"),
        (INPUT, f"f('x', {EQUAL})", "suspicious"),
        (INPUT, "f(globals().update(f=lambda *_: {'x': [(1, 2), None]}), 2)", "suspicious"),
    ],
)
def test_other_answers_do_not_pass(
    executor: DockerExecutor, problem: Problem, answer: str, kind: str
) -> None:
    assert judge(executor, problem, answer).kind == kind
