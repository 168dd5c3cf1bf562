"""Programs of benchmarks in Python, composed as a run composes them."""

from __future__ import annotations

from pathlib import Path

from pytest_aibench.problems import DataSource, get_benchmark
from pytest_aibench.sandbox.program import Limits, Program


class Programs:
    """Of the benchmark `name` with the data in `data_dir`; its CPU limit, or `cpu_seconds`."""

    def __init__(self, name: str, data_dir: Path, cpu_seconds: float | None = None) -> None:
        self.benchmark = get_benchmark(name)
        data = DataSource(data_dir, Path("absent"), allow_download=False)
        self.problems = {problem.id: problem for problem in self.benchmark.load(data).problems}
        self.limits = Limits(cpu_seconds=cpu_seconds or self.benchmark.cpu_seconds)

    def completed(self, name: str, completion: str) -> Program:
        """The program of a completion, or of a reference solution."""
        problem = self.problems[name]
        solution, tests = self.benchmark.compose(problem, completion, False)
        return Program(
            "python", solution, tests, self.limits, self.benchmark.rules,
            entry_point=problem.entry_point, context=problem.prompt,
        )  # fmt: skip
