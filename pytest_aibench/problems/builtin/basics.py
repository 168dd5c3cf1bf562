"""The project's own problems, which come with it: no download, no other project's data."""

from __future__ import annotations

from pathlib import Path

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.booklet import read_booklet
from pytest_aibench.problems.problem import Dataset
from pytest_aibench.problems.sources import DataSource

__all__ = ["BENCHMARK"]


def _load(source: DataSource) -> Dataset:
    return read_booklet(_folder(), "python")


def _folder() -> Path:
    package = Path(__file__).parents[2]
    installed = package / "benchmarks" / "basics"
    # A wheel holds the benchmarks inside the package; a checkout has them beside it.
    return installed if installed.is_dir() else package.parent / "benchmarks" / "basics"


BENCHMARK = Benchmark(
    name="basics",
    title="Basics",
    load=_load,
    stop=("\nclass", "\ndef", "\n#", "\n@", "\nprint", "\nif", "\n```", "<file_sep>"),
    citation="pytest-aibench",
    licence="MIT",
)
