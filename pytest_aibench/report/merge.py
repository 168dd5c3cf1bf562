"""Shards of one run: the same model and settings, different samples."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_aibench.errors import DataError, UsageError
from pytest_aibench.profiles import get_profile
from pytest_aibench.records import SampleRecord
from pytest_aibench.report.journal import merge_journals, read_journal
from pytest_aibench.report.lm_eval_merge import merge_lm_eval
from pytest_aibench.report.load import load_summary
from pytest_aibench.scoring.summary import RunInfo, Summary, build_summary
from pytest_aibench.scoring.tally import Tally

__all__ = ["merge_shards", "samples_path"]

SAME = ("model", "identity", "settings", "image_digest", "prompt_digest")


def samples_path(summary: Path) -> Path:
    """Where the samples of the run with this summary are."""
    return summary.with_suffix(".samples.jsonl")


def merge_shards(paths: Sequence[Path], samples: Path) -> Summary:
    """Merge the samples of all shards into the file `samples`, and score them anew.

    The parts of a run give the counts and scores of the whole run to the last bit, in whatever
    order they come. Of a sample in several shards, a measured record replaces one that is not.
    Problems are in the order of a shard that has all of them, or else by the numbers and words
    of their ids. The run is complete once every sample that was collected is in a shard.

    lm-eval's scores are merged as `merge_lm_eval` does.

    Raises:
        UsageError: a file is malformed, or the shards are not of one run.
        OSError: a file cannot be read or written.
    """
    shards = {path: load_summary(path) for path in paths}
    _refuse_strangers(shards)
    lm_eval = merge_lm_eval({path: shard.lm_eval for path, shard in shards.items()})
    summaries = list(shards.values())
    order = _order(summaries)
    merge_journals([samples_path(path) for path in shards], order, samples)
    tally = _count(samples, order, summaries)
    for name, benchmark in tally.benchmarks.items():
        found = [s.benchmarks[name] for s in summaries if name in s.benchmarks]
        benchmark.dataset_digest = found[0].dataset_digest
        benchmark.collected = max(shard.collected for shard in found)
    run = _run([summary.run for summary in summaries])
    profile = get_profile(run.settings.get("profile", "aibench"))
    merged = build_summary(tally, run, _ks(summaries), whole=profile.whole)
    return replace(merged, lm_eval=lm_eval)


def _ks(shards: list[Summary]) -> set[int]:
    """Every k that was asked for: a part may have had too few samples to score it."""
    asked = [k for s in shards for k in s.run.settings.get("pass_at", ()) if isinstance(k, int)]
    return {k for s in shards for b in s.benchmarks.values() for k in b.scores}.union(asked)


def _refuse_strangers(shards: dict[Path, Summary]) -> None:
    (first_path, first), *others = shards.items()
    for path, shard in others:
        for name in SAME:
            if _fact(shard.run, name) != _fact(first.run, name):
                raise UsageError(
                    f"{path} and {first_path} are not of one run: their {name} differ; "
                    f"merge shards of one command only"
                )
        for name in first.benchmarks.keys() & shard.benchmarks.keys():
            if first.benchmarks[name].dataset_digest != shard.benchmarks[name].dataset_digest:
                raise UsageError(
                    f"{path} and {first_path} ran different data sets of {name}; "
                    f"run all shards on the same one"
                )


def _fact(run: RunInfo, name: str) -> Any:
    """What must be the same in every shard: each has tests of its own."""
    fact = getattr(run, name)
    return {**fact, "tests": None} if name == "settings" else fact


def _tests(runs: list[RunInfo]) -> dict[str, list[str]]:
    """The tests of all shards, in whatever order these come."""
    tests = {test for run in runs for test in run.settings.get("tests", ())}
    return {"tests": sorted(tests)} if tests else {}


def _order(shards: list[Summary]) -> list[tuple[str, str]]:
    order = []
    for name in dict.fromkeys(name for shard in shards for name in shard.benchmarks):
        lists = [list(s.benchmarks[name].problems) for s in shards if name in s.benchmarks]
        every = {problem for problems in lists for problem in problems}
        whole = next((problems for problems in lists if len(problems) == len(every)), None)
        order += [(name, problem) for problem in whole or sorted(every, key=_natural)]
    return order


def _natural(text: str) -> list[tuple[int, str]]:
    """A key that puts `HumanEval/2` before `HumanEval/10`."""
    parts = re.split(r"([0-9]+)", text)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _count(samples: Path, order: list[tuple[str, str]], shards: list[Summary]) -> Tally:
    """Every sample of the file, each of which was planned; not those of quarantined problems."""
    tally = Tally()
    for shard in shards:
        for name, summary in shard.benchmarks.items():
            tally.declare(name, [])
            tally.benchmarks[name].quarantined |= summary.quarantined
            tally.benchmarks[name].cpu_limits |= summary.cpu_limits
    for benchmark, problem in order:
        tally.declare(benchmark, [problem])
    for row in read_journal(samples):
        try:
            tally.add(SampleRecord.from_json(json.dumps(row)))
        except (TypeError, ValueError) as error:
            raise DataError(
                f"{samples}: a record is no sample ({error}); restore the file of its shard"
            ) from error
    for counted in tally.benchmarks.values():
        for counts in counted.problems.values():
            counts.planned = counts.seen.bit_count()
    return tally


def _run(runs: list[RunInfo]) -> RunInfo:
    """The run that the shards are parts of; only reasons that all of them name still hold."""
    first = min(runs, key=lambda run: (run.started_at, run.id))
    if all(run == first for run in runs):
        return first
    return replace(
        first,
        id="+".join(sorted({run.id for run in runs})),
        settings={**first.settings, **_tests(runs)},
        seconds=sum(sorted(run.seconds for run in runs)),
        incomplete=tuple(
            reason for reason in first.incomplete if all(reason in run.incomplete for run in runs)
        ),
    )
