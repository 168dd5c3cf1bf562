"""Any problem file, given with `--problems FILE`."""

from __future__ import annotations

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.errors import DataAbsent
from pytest_aibench.problems.files import read_problems
from pytest_aibench.problems.problem import Dataset
from pytest_aibench.problems.sources import DataSource

__all__ = ["BENCHMARKS"]


def _load(source: DataSource) -> Dataset:
    if source.problem_file is None:
        raise DataAbsent("no problem file is named: give one with --problems FILE.jsonl[.gz]")
    return read_problems(source.problem_file)


BENCHMARKS = (Benchmark(name="problems", title="Problem file", load=_load),)
