"""Our evaluation of the same completions: a whole pytest run that replays them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pytest_aibench.bigcode.documents import problem_ids
from tests.parity.cases import Case
from tests.parity.theirs import Counts, Evaluation

__all__ = ["Ours", "run_ours"]

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Ours:
    """`kinds` tells how the samples of each document ended."""

    counts: Counts
    kinds: dict[int, list[str]]
    scores: dict[str, float]


def run_ours(case: Case, found: Evaluation, folder: Path, *, adapter: bool, workers: int) -> Ours:
    """Run `benchmarks/test_bigcode.py`: with the harness as our adapter uses it, or hidden, so
    that the benchmark is our own."""
    ids = problem_ids(case.task, found.documents)
    rows, report = folder / "completions.jsonl", folder / "report.json"
    with rows.open("w", encoding="utf-8") as file:
        for id_, texts in zip(ids, found.completions, strict=True):
            file.writelines(json.dumps({"task_id": id_, "completion": t}) + "\n" for t in texts)
    command = [
        sys.executable, "-m", "pytest", "benchmarks/test_bigcode.py", "-q",
        "--bigcode-tasks", case.task, "--profile", "bigcode", "--model", f"replay/{rows}",
        "--n-samples", str(len(found.completions[0])), "-n", str(workers),
        "--aibench-report", str(report), "--aibench-cache", str(folder / "cache"),
    ]  # fmt: skip
    command += ["--limit", str(case.limit)] if case.limit else []
    command += ["-p", "tests.parity.local_hub"] if adapter else []
    for name, value in case.options.items():
        command += [f"--bigcode-{name}", value]
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(adapter), capture_output=True, text=True, check=False
    )
    if not report.is_file():
        sys.exit(f"our run of {case.task} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return _read(report, ids)


def _environment(adapter: bool) -> Mapping[str, str]:
    environment = dict(os.environ)
    if not adapter:
        environment.pop("PYTHONPATH", None)
    return environment


def _read(report: Path, ids: list[str]) -> Ours:
    places = {id_: place for place, id_ in enumerate(ids)}
    kinds: dict[int, list[str]] = {place: [] for place in places.values()}
    with report.with_suffix(".samples.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if "problem" in row:
                kinds[places[row["problem"]]].append(row["kind"] or f"not measured: {row['error']}")
    [benchmark] = json.loads(report.read_text(encoding="utf-8"))["benchmarks"].values()
    scores = {key: value["value"] for key, value in benchmark.items() if key.startswith("pass@")}
    counts = {place: (len(found), found.count("passed")) for place, found in kinds.items()}
    return Ours(counts, kinds, scores)
