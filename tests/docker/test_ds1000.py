"""DS-1000 in the sandbox: the rest of the script and the problem's own test decide alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.problems import DataSource, Problem, get_benchmark
from pytest_aibench.records import Verdict
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.image import ensure_image
from pytest_aibench.sandbox.program import Limits, Program
from tests.data import data_file, part
from tests.ds1000_rows import write_rows

NUMPY, PLOT = "ds1000-numpy-completion", "ds1000-matplotlib-completion"


@pytest.fixture(scope="module")
def executor(client: Any) -> Iterator[DockerExecutor]:
    ensure_image(client, "data")
    executor = DockerExecutor(run_id="tests", remember=False)
    yield executor
    executor.close()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> DataSource:
    return write_rows(tmp_path_factory.mktemp("rows"))


def problems(source: DataSource, name: str) -> tuple[Problem, ...]:
    return get_benchmark(name).load(source).problems


def judge(executor: DockerExecutor, name: str, problem: Problem, code: str) -> Verdict:
    benchmark = get_benchmark(name)
    solution, tests = benchmark.compose(problem, code, True)
    limits = Limits(cpu_seconds=10.0, memory=benchmark.memory)
    return executor.execute(Program(problem.executed_as, solution, tests, limits))


@pytest.mark.parametrize("name", [NUMPY, "ds1000-numpy-insertion", PLOT])
def test_solutions_pass(executor: DockerExecutor, source: DataSource, name: str) -> None:
    for problem in problems(source, name):
        verdict = judge(executor, name, problem, problem.canonical_solution or "")
        assert (verdict.kind, verdict.proof, verdict.detail) == ("passed", "token", "")


WRITES_RESULTS = """
import os
for case in (1, 2):
    with open(f"result/result_{case}.pkl", "wb") as file:
        pickle.dump(2 * np.array(a), file)
"""


@pytest.mark.parametrize(
    ("code", "kind", "detail"),
    [
        ("result = np.array(a)", "wrong_answer", "wrong for test case 1"),
        ("result = [2, 4, 6]", "wrong_answer", "wrong for test case 2"),
        ("answer = 2 * np.array(a)", "runtime_error", "name 'result' is not defined"),
        ("result = lambda: 2", "runtime_error", "pickle"),
        (WRITES_RESULTS, "runtime_error", "result"),
        ("print('passed')\nimport sys\nsys.exit(0)", "exited_early", "SystemExit"),
        ("import os\nos._exit(0)", "exited_early", ""),
        ("result = (", "runtime_error", "SyntaxError"),
        ("while True: pass", "timeout", ""),
        ("open('ans/ans1.pkl')", "runtime_error", "FileNotFoundError"),
    ],
)
def test_what_does_not_pass(
    executor: DockerExecutor, source: DataSource, code: str, kind: str, detail: str
) -> None:
    verdict = judge(executor, NUMPY, problems(source, NUMPY)[0], code)
    assert verdict.kind == kind
    assert detail in verdict.detail


def test_the_text_of_a_solution_is_judged_too(executor: DockerExecutor, source: DataSource) -> None:
    free, judged = problems(source, NUMPY)
    loop = "result = []\nfor x in a:\n    result.append(2 * x)"
    assert judge(executor, NUMPY, free, loop).kind == "passed"
    verdict = judge(executor, NUMPY, judged, loop)
    assert (verdict.kind, verdict.detail) == (
        "wrong_answer", "AssertionError: the text of the solution is not allowed",
    )  # fmt: skip


def test_a_wrong_figure_is_told(executor: DockerExecutor, source: DataSource) -> None:
    (problem,) = problems(source, PLOT)
    blue = "plt.plot([1, 2], color='blue')"
    assert judge(executor, PLOT, problem, blue).kind == "wrong_answer"
    forged = f"{blue}\npickle.dump(True, open('result/result_1.pkl', 'wb'))"
    assert judge(executor, PLOT, problem, forged).kind == "wrong_answer"


@pytest.mark.parametrize("library", ["numpy", "pandas", "scipy", "sklearn", "matplotlib"])
def test_published_solutions(executor: DockerExecutor, library: str, tmp_path: Path) -> None:
    """Five of each library here, none of those that other versions of the library fail."""
    folder = data_file("ds1000/ds1000_data.zip").parents[1]
    name = f"ds1000-{library}-completion"
    found = problems(DataSource(folder, tmp_path, allow_download=False), name)
    verdicts = [
        judge(executor, name, problem, problem.canonical_solution or "")
        for problem in part(found, lambda _: library, 5)
    ]
    passed = sum(verdict.passed for verdict in verdicts)
    assert passed >= 0.8 * len(verdicts), [verdict.detail for verdict in verdicts]
