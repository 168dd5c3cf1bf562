"""EvalPlus's judge in the sandbox: what is right passes, and nothing else does."""

from __future__ import annotations

import pytest

from pytest_aibench.problems import Benchmark, Dataset
from pytest_aibench.records import Verdict
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program
from tests.evalplus_rows import ABSOLUTE, ROWS, load_rows


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> tuple[Benchmark, Dataset]:
    return load_rows(tmp_path_factory.mktemp("rows"))[0]


def judge(
    executor: DockerExecutor, rows: tuple[Benchmark, Dataset], code: str, number: int = 0
) -> Verdict:
    benchmark, dataset = rows
    problem = dataset.problems[number]
    solution, tests = benchmark.compose(problem, code, True)
    limits = Limits(cpu_seconds=benchmark.cpu_seconds)
    return executor.execute(
        Program(
            "python", solution, tests, limits,
            entry_point=problem.entry_point, context=problem.prompt,
        )
    )  # fmt: skip


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_reference_solutions_are_confirmed(
    executor: DockerExecutor, rows: tuple[Benchmark, Dataset], number: int
) -> None:
    row = ROWS[number]
    verdict = judge(executor, rows, row.prompt + row.canonical_solution, number)
    assert (verdict.kind, verdict.proof) == ("passed", "split")


def test_a_wrong_solution_fails_for_an_input(
    executor: DockerExecutor, rows: tuple[Benchmark, Dataset]
) -> None:
    verdict = judge(executor, rows, "def absolute(x):\n    return x if x < 10**39 else 1")
    assert (verdict.kind, verdict.detail) == (
        "wrong_answer",
        "AssertionError: wrong for input 2",
    )


EQUAL = """
class Equal:
    def __eq__(self, other):
        return True
def absolute(x):
    return Equal()
"""
# What the judge will compare with is what its reference returns for what it has kept.
ASKS_THE_REFERENCE = """
import sys
def absolute(x):
    return sys._getframe(2).f_locals["correct"](x)
"""
REPLACES_THE_COMPARISON = """
import sys
def absolute(x):
    sys._getframe(2).f_globals["_is_close"] = lambda *_: True
    return 0
"""


@pytest.mark.parametrize("code", [EQUAL, ASKS_THE_REFERENCE, REPLACES_THE_COMPARISON])
def test_what_knows_the_judge_does_not_pass(
    executor: DockerExecutor, rows: tuple[Benchmark, Dataset], code: str
) -> None:
    assert judge(executor, rows, code).kind == "suspicious"


def test_output_and_names_of_a_solution_do_not_matter(
    executor: DockerExecutor, rows: tuple[Benchmark, Dataset]
) -> None:
    code = f"print('check')\njson = exec = None\n{ABSOLUTE.prompt}{ABSOLUTE.canonical_solution}"
    assert judge(executor, rows, code).kind == "passed"
