"""Throughput beside the BigCode harness's own evaluation, on the same completions, in one run.

Ours is the whole of `pytest -n CORES`: start-up, collection, containers and reports included.
BigCode's is `process_results` of its task alone, in a process that has loaded everything, without
any sandbox. Both in turns; the figure is the median of the wall times.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.parity.cases import Case

__all__ = ["compare_with_bigcode"]

_PROBLEMS = 30
"""Of each language of MultiPL-E: a program in C++ or Java takes BigCode seconds."""


def compare_with_bigcode(checkout: Path, rounds: int) -> None:
    """Print samples a second of both, and their ratio. `AIBENCH_DATA` has to be set."""
    from tests.parity.bigcode import provide

    provide(checkout, None)
    from tests.parity.cases import CASES

    by_task = {case.task: case for case in CASES}
    _compare("HumanEval, CodeGen-16B", [by_task["humaneval-unstripped"]], rounds)
    multiple = [replace(c, limit=_PROBLEMS) for t, c in by_task.items() if t.startswith("multiple")]
    _compare("MultiPL-E", multiple, rounds)


def _compare(title: str, cases: list[Case], rounds: int) -> None:
    from tests.parity.ours import run_ours
    from tests.parity.theirs import evaluate, prepare

    prepared = [(case, prepare(case)) for case in cases]
    count = sum(found.programs for _, found in prepared)

    def ours() -> None:
        for case, found in prepared:
            with tempfile.TemporaryDirectory(prefix="aibench-bench-") as folder:
                workers = os.cpu_count() or 1
                run_ours(case, found, Path(folder), adapter=False, workers=workers)

    def theirs() -> None:
        for _, found in prepared:
            evaluate(found)

    runs: dict[str, Callable[[], None]] = {"pytest-aibench": ours, "BigCode": theirs}
    walls: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            begun = time.monotonic()
            run()
            walls[name].append(time.monotonic() - begun)
    _print(title, count, walls)


def _print(title: str, count: int, walls: dict[str, list[float]]) -> None:
    print(f"\n{title}: {count} programs, median of {len(walls['BigCode'])} runs")
    for name, times in walls.items():
        median = statistics.median(times)
        spread = f"{min(times):.1f}-{max(times):.1f} s"
        print(f"  {name:15} {median:6.1f} s  ({spread})  {count / median:6.1f} samples/s")
    ratio = statistics.median(walls["BigCode"]) / statistics.median(walls["pytest-aibench"])
    print(f"  ratio           {ratio:6.2f}", flush=True)
