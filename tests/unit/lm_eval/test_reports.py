"""lm-eval's scores in the reports that all benchmarks share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.errors import DataError, UsageError
from pytest_aibench.report.load import load_summary
from pytest_aibench.report.markdown import summary_markdown
from pytest_aibench.report.merge import merge_shards
from pytest_aibench.scoring.floors import parse_floor
from pytest_aibench.scoring.gate import GatePolicy, Outcome, judge
from pytest_aibench.scoring.summary import RunInfo, Summary

SCORES: dict[str, Any] = {
    "results": {"t": {"alias": "t", "acc,none": 0.5, "acc_stderr,none": 0.1, "f,x-y": "N/A"}},
    "groups": {"g": {"acc,none": 0.25}},
    "aibench": {"complete": True, "documents": {"t": 4}, "missing": 0},
}
SUMMARY = Summary(RunInfo("r", "m"), {}, SCORES)


def outcomes(*rules: str) -> list[tuple[str, Outcome]]:
    policy = GatePolicy(floors=tuple(map(parse_floor, rules)))
    return [(f.benchmark, f.outcome) for f in judge(SUMMARY, policy).findings]


def test_the_gate_takes_every_metric_by_its_full_name() -> None:
    assert outcomes("t:acc,none>=0.5") == [("t", Outcome.GOOD)]
    assert outcomes("g:acc,none>=50%") == [("g", Outcome.FAILED)]
    assert outcomes("acc,none>0.2") == [("t", Outcome.GOOD), ("g", Outcome.GOOD)]
    assert outcomes("t:acc_stderr,none<=5") == [("t", Outcome.GOOD)]


def test_the_gate_fails_closed() -> None:
    assert outcomes("t:f,x-y>=0") == [("t", Outcome.INVALID)]
    assert outcomes("u:acc,none>=0") == [("u", Outcome.INVALID)]
    assert outcomes("bleu,none>=0") == [("", Outcome.INVALID)]


def test_they_come_back_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(SUMMARY.to_dict()))
    assert load_summary(path) == SUMMARY
    content = SUMMARY.to_dict()
    content["lm_eval"] = {"results": {"t": 1}}
    path.write_text(json.dumps(content))
    with pytest.raises(DataError, match=r"lm_eval\.results\.t"):
        load_summary(path)


def test_they_are_in_the_markdown() -> None:
    text = summary_markdown(SUMMARY)
    assert "| t |  | acc | 0.5000 | ± 0.1000 |" in text
    assert "pass" not in text


def test_they_are_not_merged(tmp_path: Path) -> None:
    paths = [tmp_path / f"{i}.json" for i in range(2)]
    for path in paths:
        path.write_text(json.dumps(SUMMARY.to_dict()))
    with pytest.raises(UsageError, match="cannot be merged"):
        merge_shards(paths, tmp_path / "samples.jsonl")
