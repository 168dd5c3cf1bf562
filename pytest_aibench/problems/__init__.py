"""Problems, the files they come from, and the benchmarks they make up."""

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.errors import DataAbsent
from pytest_aibench.problems.files import read_problems
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.registry import benchmark_names, get_benchmark, register
from pytest_aibench.problems.sources import DataSource, Pinned

__all__ = [
    "Benchmark",
    "DataAbsent",
    "DataSource",
    "Dataset",
    "Pinned",
    "Problem",
    "benchmark_names",
    "get_benchmark",
    "read_problems",
    "register",
]
