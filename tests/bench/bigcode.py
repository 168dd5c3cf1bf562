"""Throughput beside the BigCode harness's own evaluation, on the same completions, in one run.

Ours is the whole of one `pytest -n CORES`: start-up, collection, containers and reports included.
BigCode's is `process_results` of its task alone, in a process that has loaded everything, without
any sandbox. Both in turns; the figures are medians. Where other work is on the machine, CPU time is
the fairer of them: BigCode has up to 16 processes to claim a core, we have one a core.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.cpu import Cost, measured

if TYPE_CHECKING:
    from tests.parity.cases import Case
    from tests.parity.ours import Ours
    from tests.parity.theirs import Evaluation

__all__ = ["compare_with_bigcode"]

_PROBLEMS, _FORMS = 40, 3
"""Of each language of MultiPL-E, and completions of each problem: a program in C++ or Java takes
BigCode a second or more."""


def compare_with_bigcode(checkout: Path, rounds: int) -> None:
    """Print samples a second of both, and their ratio. `AIBENCH_DATA` has to be set."""
    from tests.parity.bigcode import provide

    provide(checkout, None)
    from tests.parity.cases import CASES, MULTIPLE, transplanted

    by_task = {case.task: case for case in CASES}
    _compare("HumanEval, CodeGen-16B", [by_task["humaneval-unstripped"]], rounds)
    multiple = [
        replace(
            by_task[f"multiple-{short}"],
            limit=_PROBLEMS,
            completions=transplanted(short, _FORMS),
        )
        for short in MULTIPLE
    ]
    title = f"MultiPL-E, {_FORMS} completions of {_PROBLEMS} problems in {', '.join(MULTIPLE)}"
    _compare(title, multiple, rounds)


def _compare(title: str, cases: list[Case], rounds: int) -> None:
    from tests.parity.ours import run_ours
    from tests.parity.theirs import evaluate, prepare

    prepared = [(case, prepare(case)) for case in cases]
    measured_by_us: list[Ours] = []

    def ours(folder: Path) -> None:
        measured_by_us[:] = run_ours(prepared, folder, adapter=False, workers=os.cpu_count() or 1)

    def theirs(_: Path) -> None:
        for _case, found in prepared:
            evaluate(found)

    runs: dict[str, Callable[[Path], None]] = {"pytest-aibench": ours, "BigCode": theirs}
    costs: dict[str, list[Cost]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            with (
                tempfile.TemporaryDirectory(prefix="aibench-bench-") as folder,
                measured(Path(folder) / "cache" / "runs" if run is ours else None) as cost,
            ):
                run(Path(folder))
            costs[name].append(cost)
    _print(title, sum(found.programs for _, found in prepared), costs)
    _print_outcomes(prepared, measured_by_us)


def _print(title: str, count: int, costs: dict[str, list[Cost]]) -> None:
    print(f"\n{title}: {count} programs, median of {len(costs['BigCode'])} runs")
    walls = {name: statistics.median(cost.wall for cost in of) for name, of in costs.items()}
    cpus = {name: statistics.median(cost.cpu for cost in of) for name, of in costs.items()}
    for name, wall in walls.items():
        used = f"{1000 * cpus[name] / count:6.1f} ms of CPU each"
        print(f"  {name:15} {wall:7.1f} s {count / wall:7.1f} samples/s  {used}")
    wall, cpu = (of["BigCode"] / of["pytest-aibench"] for of in (walls, cpus))
    print(f"  ratio           {wall:7.2f} of throughput, {cpu:.2f} of CPU time", flush=True)


def _print_outcomes(theirs: list[tuple[Case, Evaluation]], ours: list[Ours]) -> None:
    """What the programs were, and for how many problems both harnesses count the same."""
    for (case, found), own in zip(theirs, ours, strict=True):
        kinds = Counter(kind for row in own.kinds.values() for kind in row)
        what = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        equal = sum(own.counts[place] == count for place, count in found.counts.items())
        print(f"  {case.task}: {what}; equal counts in {equal} of {len(found.counts)} problems")
