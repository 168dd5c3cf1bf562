"""Reference solutions in Python pass in the sandbox, wrong ones of the same problems do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pytest_aibench.problems import Benchmark, DataSource, Problem, get_benchmark
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program

# Lower than the benchmarks' own: buggy solutions that exceed it never end.
LIMITS = Limits(cpu_seconds=0.6)


def verdicts(
    executor: DockerExecutor, benchmark: Benchmark, problem: Problem
) -> Iterator[tuple[bool, str]]:
    """Whether the canonical solution and every wrong one passed, and what was found."""
    for text in (problem.canonical_solution or "", *problem.wrong_solutions):
        solution, tests = benchmark.compose(problem, text, False)
        program = Program(problem.language, solution, tests, LIMITS, benchmark.rules)
        verdict = executor.execute(program)
        yield verdict.passed, f"{verdict.kind}: {verdict.detail}"


def test_basics(executor: DockerExecutor) -> None:
    benchmark = get_benchmark("basics")
    for problem in benchmark.load(DataSource(None, Path("absent"))).problems:
        canonical, *wrong = verdicts(executor, benchmark, problem)
        assert (problem.id, canonical) == (problem.id, (True, canonical[1]))
        assert (problem.id, [passed for passed, _ in wrong]) == (problem.id, [False, False])


def test_humanevalpack_tells_solutions_from_buggy_ones(
    executor: DockerExecutor, data_dir: Path, tmp_path: Path
) -> None:
    benchmark = get_benchmark("humanevalpack-synthesize-python")
    problems = benchmark.load(DataSource(data_dir, tmp_path, allow_download=False)).problems
    for problem in problems:
        (canonical, found), (buggy, _) = verdicts(executor, benchmark, problem)
        assert (problem.id, canonical, buggy) == (problem.id, True, False), found
