"""The project's own problems, which come with it: no download, no other project's data."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.booklet import read_booklet
from pytest_aibench.problems.compose import Compose, compose_humaneval
from pytest_aibench.problems.compose_braced import compose_humaneval_x
from pytest_aibench.problems.problem import Dataset
from pytest_aibench.problems.sources import DataSource

__all__ = ["BENCHMARKS"]


def _load(source: DataSource, language: str) -> Dataset:
    return read_booklet(_folder(), language)


def _folder() -> Path:
    package = Path(__file__).parents[2]
    installed = package / "benchmarks" / "basics"
    # A wheel holds the benchmarks inside the package; a checkout has them beside it.
    return installed if installed.is_dir() else package.parent / "benchmarks" / "basics"


def _benchmark(name: str, title: str, language: str, compose: Compose) -> Benchmark:
    return Benchmark(
        name=name,
        title=title,
        load=partial(_load, language=language),
        compose=compose,
        stop=_STOP[language],
        citation="pytest-aibench",
        licence="MIT",
    )


_STOP = {
    "python": ("\nclass", "\ndef", "\n#", "\n@", "\nprint", "\nif", "\n```", "<file_sep>"),
    "javascript": ("\n}",),
    "java": ("\n    }\n", "\n}"),
    "cpp": ("\n}",),
}
BENCHMARKS = (
    _benchmark("basics", "Basics", "python", compose_humaneval),
    _benchmark("basics-javascript", "Basics (JavaScript)", "javascript", compose_humaneval_x),
    _benchmark("basics-java", "Basics (Java)", "java", compose_humaneval_x),
    _benchmark("basics-cpp", "Basics (C++)", "cpp", compose_humaneval_x),
)
