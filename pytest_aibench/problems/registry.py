"""The benchmarks known by name."""

from __future__ import annotations

import difflib

from pytest_aibench.errors import UsageError
from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.builtin import (
    apps,
    basics,
    cruxeval,
    ds1000,
    humaneval,
    humaneval_plus,
    humaneval_x,
    humanevalpack,
    mbpp,
    mbpp_plus,
    multipl_e,
    problem_file,
)

__all__ = ["benchmark_names", "get_benchmark", "register"]

_BENCHMARKS: dict[str, Benchmark] = {}


def register(benchmark: Benchmark) -> Benchmark:
    """Make a benchmark known by its name, and return it.

    Raises:
        UsageError: another benchmark has that name.
    """
    if _BENCHMARKS.setdefault(benchmark.name, benchmark) != benchmark:
        raise UsageError(f"a benchmark named {benchmark.name!r} exists; choose another name")
    return benchmark


def get_benchmark(name: str) -> Benchmark:
    """The benchmark of that name.

    Raises:
        UsageError: there is none; the message lists the known ones and suggests the nearest.
    """
    if name in _BENCHMARKS:
        return _BENCHMARKS[name]
    near = difflib.get_close_matches(name, _BENCHMARKS, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    known = ", ".join(benchmark_names())
    raise UsageError(f"there is no benchmark named {name!r}{hint} (known: {known})")


def benchmark_names() -> tuple[str, ...]:
    """All known names, sorted."""
    return tuple(sorted(_BENCHMARKS))


_BUILTIN = (
    humaneval.BENCHMARKS,
    humaneval_plus.BENCHMARKS,
    humaneval_x.BENCHMARKS,
    humanevalpack.BENCHMARKS,
    mbpp.BENCHMARKS,
    mbpp_plus.BENCHMARKS,
    multipl_e.BENCHMARKS,
    basics.BENCHMARKS,
    apps.BENCHMARKS,
    cruxeval.BENCHMARKS,
    ds1000.BENCHMARKS,
    problem_file.BENCHMARKS,
)
for _benchmarks in _BUILTIN:
    for _benchmark in _benchmarks:
        register(_benchmark)
