"""Our evaluation of the same completions: a whole pytest run that replays them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_aibench.bigcode.documents import problem_ids
from pytest_aibench.bigcode.options import PREFIX
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


def run_ours(
    pairs: Sequence[tuple[Case, Evaluation]], folder: Path, *, adapter: bool, workers: int
) -> list[Ours]:
    """Run `benchmarks/test_bigcode.py` once: with the harness as our adapter uses it, or hidden, so
    that the benchmarks are our own. The cases have one limit, and as many samples each."""
    rows, report = folder / "completions.jsonl", folder / "report.json"
    ids = [problem_ids(case.task, found.documents) for case, found in pairs]
    with rows.open("w", encoding="utf-8") as file:
        for (case, found), own in zip(pairs, ids, strict=True):
            file.writelines(_rows(PREFIX + case.task, own, found))
    first, found = pairs[0]
    command = [
        sys.executable, "-m", "pytest", "benchmarks/test_bigcode.py", "-q",
        "--bigcode-tasks", ",".join(case.task for case, _ in pairs), "--profile", "bigcode",
        "--model", f"replay/{rows}", "--n-samples", str(len(found.completions[0])),
        "-n", str(workers), "--aibench-report", str(report),
        "--aibench-cache", str(folder / "cache"),
    ]  # fmt: skip
    command += ["--limit", str(first.limit)] if first.limit else []
    command += ["-p", "tests.parity.local_hub"] if adapter else []
    for name, value in first.options.items():
        command += [f"--bigcode-{name}", value]
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(adapter), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if not report.is_file():
        sys.exit(f"our run of {first.task} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return [
        _read(report, PREFIX + case.task, own) for (case, _), own in zip(pairs, ids, strict=True)
    ]


def _rows(benchmark: str, ids: list[str], found: Evaluation) -> Iterator[str]:
    for id_, texts in zip(ids, found.completions, strict=True):
        for text in texts:
            row = {"benchmark": benchmark, "task_id": id_, "completion": text}
            yield json.dumps(row) + "\n"


def _environment(adapter: bool) -> Mapping[str, str]:
    environment = dict(os.environ)
    if not adapter:
        environment.pop("PYTHONPATH", None)
    return environment


def _read(report: Path, name: str, ids: list[str]) -> Ours:
    places = {id_: place for place, id_ in enumerate(ids)}
    kinds: dict[int, list[str]] = {place: [] for place in places.values()}
    with report.with_suffix(".samples.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row.get("benchmark") == name:
                kinds[places[row["problem"]]].append(row["kind"] or f"not measured: {row['error']}")
    benchmark = json.loads(report.read_text(encoding="utf-8"))["benchmarks"][name]
    scores = {key: value["value"] for key, value in benchmark.items() if key.startswith("pass@")}
    counts = {place: (len(found), found.count("passed")) for place, found in kinds.items()}
    return Ours(counts, kinds, scores)
