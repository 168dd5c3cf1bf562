from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.errors import DataError, UsageError
from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.report.journal import JournalWriter, read_journal
from pytest_aibench.report.jsonfile import to_json, write_json
from pytest_aibench.report.merge import merge_shards, samples_path
from pytest_aibench.scoring.summary import RunInfo, build_summary
from pytest_aibench.scoring.tally import Tally

RUN = RunInfo(
    "r", "m", {"pass_at": [1, 2, 3]}, seconds=10.0, started_at="2026-01-01T00:00:00+00:00"
)
KINDS = [VerdictKind.PASSED, VerdictKind.TIMEOUT, VerdictKind.WRONG_ANSWER]
RECORDS = [
    SampleRecord("b", f"P/{p}", s, KINDS[(p + s) % 3], seconds=0.1 * (p + 1), tokens_out=s)
    for p in range(12)
    for s in range(3)
]


def shard(path: Path, records: list[SampleRecord], run: RunInfo = RUN, **more: Any) -> Path:
    """Write summary and samples of a run of `records`, of 36 that were collected."""
    tally = Tally()
    selected: dict[str, int] = {}
    for record in records:
        selected[record.problem] = selected.get(record.problem, 0) + 1
    tally.declare("b", selected, **{"dataset_digest": "d", "collected": 36, **more})
    with JournalWriter(samples_path(path)) as journal:
        for record in records:
            tally.add(record)
            journal.write({**record.to_dict(), "reply": "x"})
    write_json(path, build_summary(tally, run, (1, 2, 3)).to_dict())
    return path


@pytest.mark.parametrize("parts", [1, 2, 3, 5])
def test_the_parts_of_a_run_give_its_bytes(tmp_path: Path, parts: int) -> None:
    whole = shard(tmp_path / "whole.json", RECORDS)
    shards = [shard(tmp_path / f"{i}.json", RECORDS[i::parts]) for i in range(parts)]
    merged = merge_shards(shards[::-1], tmp_path / "out.samples.jsonl")
    assert to_json(merged.to_dict()) == whole.read_text()
    rows = list(read_journal(tmp_path / "out.samples.jsonl"))
    assert [(row["problem"], row["sample"]) for row in rows] == [
        (record.problem, record.sample) for record in RECORDS
    ]


def test_a_missing_part_leaves_the_run_incomplete(tmp_path: Path) -> None:
    shards = [shard(tmp_path / f"{i}.json", RECORDS[i::3]) for i in range(2)]
    merged = merge_shards(shards, tmp_path / "out.samples.jsonl")
    assert merged.incomplete == ("b: 12 of 36 collected samples were deselected",)


def test_a_measured_sample_replaces_an_error_of_another_shard(tmp_path: Path) -> None:
    failed = [replace(r, kind=None, error="x") if r.sample == 0 else r for r in RECORDS]
    shards = [shard(tmp_path / "0.json", failed), shard(tmp_path / "1.json", RECORDS[::3])]
    assert merge_shards(shards, tmp_path / "out.samples.jsonl").complete


def test_runs_of_several_machines_keep_all_their_ids_and_time(tmp_path: Path) -> None:
    runs = [replace(RUN, id=name, machine={"cpus": i}) for i, name in enumerate("ab")]
    shards = [shard(tmp_path / f"{run.id}.json", RECORDS[i::2], run) for i, run in enumerate(runs)]
    merged = merge_shards(shards, tmp_path / "out.samples.jsonl")
    assert (merged.run.id, merged.run.seconds) == ("a+b", 20.0)


def test_only_reasons_of_all_shards_still_hold(tmp_path: Path) -> None:
    runs = [replace(RUN, incomplete=("limited",)), replace(RUN, incomplete=("limited", "stopped"))]
    shards = [shard(tmp_path / f"{i}.json", RECORDS[i::2], run) for i, run in enumerate(runs)]
    assert merge_shards(shards, tmp_path / "out.samples.jsonl").incomplete == ("limited",)


@pytest.mark.parametrize(
    ("run", "more", "reason"),
    [
        (replace(RUN, model="other"), {}, "their model differ"),
        (replace(RUN, settings={"temperature": 1.0}), {}, "their settings differ"),
        (RUN, {"dataset_digest": "other"}, "different data sets of b"),
    ],
)
def test_strangers_are_refused(
    tmp_path: Path, run: RunInfo, more: dict[str, str], reason: str
) -> None:
    shards = [shard(tmp_path / "0.json", RECORDS[::2])]
    shards.append(shard(tmp_path / "1.json", RECORDS[1::2], run, **more))
    with pytest.raises(UsageError, match=reason):
        merge_shards(shards, tmp_path / "out.samples.jsonl")


def test_a_record_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    path = shard(tmp_path / "0.json", RECORDS)
    samples = samples_path(path)
    samples.write_text(samples.read_text().replace('"timeout"', '"mystery"', 1))
    with pytest.raises(DataError, match="'mystery' is not a valid"):
        merge_shards([path], tmp_path / "out.samples.jsonl")
