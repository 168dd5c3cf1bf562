from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.errors import DataError
from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.report.jsonfile import to_json, write_json
from pytest_aibench.report.load import load_summary, parse_summary
from pytest_aibench.scoring.summary import RunInfo, Summary, build_summary
from pytest_aibench.scoring.tally import Tally

RECORDS = st.builds(
    SampleRecord,
    benchmark=st.sampled_from(["a", "b"]),
    problem=st.sampled_from("pqr"),
    sample=st.integers(0, 5),
    kind=st.none() | st.sampled_from(VerdictKind),
    tokens_out=st.integers(0, 100),
    seconds=st.floats(0, 1e6),
)


def summary(records: list[SampleRecord], incomplete: tuple[str, ...] = ()) -> Summary:
    tally = Tally()
    tally.declare("a", ["p", "q"], planned=2, collected=5)
    for record in records:
        tally.add(record)
    run = RunInfo("r", "m", settings={"a": 1}, incomplete=incomplete, seconds=1.5)
    return build_summary(tally, run, (1, 2))


@given(st.lists(RECORDS, max_size=20), st.sampled_from([(), ("stopped by -x",)]))
def test_what_was_written_is_read(records: list[SampleRecord], stops: tuple[str, ...]) -> None:
    written = summary(records, stops)
    assert parse_summary(to_json(written.to_dict()), "x") == written


PASSED = [SampleRecord("a", p, i, VerdictKind.PASSED) for p in "pq" for i in range(3)]


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    content = summary(PASSED).to_dict()
    change(content)
    return json.dumps(content)


def of(content: dict[str, Any]) -> dict[str, Any]:
    benchmark: dict[str, Any] = content["benchmarks"]["a"]
    return benchmark


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda c: c.pop("schema_version"), "schema_version is missing"),
        (lambda c: c.update(schema_version="2.0"), "'1.0' is understood"),
        (lambda c: c["run"].pop("id"), "run.id is missing"),
        (lambda c: c["run"].update(complete=1), "run.complete is of the wrong type"),
        (lambda c: c["run"].update(complete=True), "run.complete is true, but a: "),
        (lambda c: c.update(benchmarks=[]), "benchmarks is of the wrong type"),
        (
            lambda c: of(c)["pass@1"].update(value=0.9),
            "pass@1.value is 0.9, but its problems give 1",
        ),
        (lambda c: of(c)["pass@1"].update(value=True), "value is of the wrong type"),
        (lambda c: of(c).update({"pass@9": {"value": 1.0}}), "pass@9: pass@9 of 3 samples"),
        (lambda c: of(c)["problems"]["p"].update(c=4), "problems.p.c is 4 of n = 3"),
        (lambda c: of(c)["problems"]["p"].update(n=-1), "n is not a whole number"),
        (lambda c: of(c)["problems"].pop("p"), "do not add up"),
        (lambda c: of(c)["verdicts"].update(passed=5, timeout=1), "verdicts.passed is not the sum"),
        (lambda c: of(c)["verdicts"].update(mystery=0), "unknown kind 'mystery'"),
        (lambda c: of(c)["tokens"].update(out="many"), "tokens.out is not a number"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    with pytest.raises(DataError, match=reason):
        parse_summary(changed(change), "x.json")


@pytest.mark.parametrize("text", ["", "{", '{"schema_version": NaN}', "[" * 100_000, "\ud800"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(DataError, match=r"x\.json: not JSON"):
        parse_summary(text, "x.json")


def test_a_file_names_itself_in_errors(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.json: cannot be read"):
        load_summary(tmp_path / "gone.json")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"binary\.json: cannot be read"):
        load_summary(tmp_path / "binary.json")


def test_the_outline_alone_is_enough(tmp_path: Path) -> None:
    content = summary(PASSED).to_dict()
    few = ("pass@1", "verdicts", "errors", "problems")
    content["benchmarks"] = {"a": {name: of(content)[name] for name in few}}
    names = ("id", "model", "settings", "versions")
    content["run"] = {**{name: content["run"][name] for name in names}, "complete": True}
    write_json(tmp_path / "s.json", content)
    assert load_summary(tmp_path / "s.json").complete


def test_a_run_marked_incomplete_without_a_reason_stays_incomplete() -> None:
    content = summary(PASSED).to_dict()
    content["run"].update(complete=False, incomplete=[])
    del of(content)["samples"]
    assert parse_summary(json.dumps(content), "x").incomplete == ("marked as incomplete",)
