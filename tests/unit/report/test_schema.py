from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.scoring.summary import RunInfo, build_summary
from pytest_aibench.scoring.tally import Tally
from tests.unit.report.golden_run import AFTER, decision

SCHEMA = Path(__file__).parents[3] / "docs" / "schema" / "summary-1.0.json"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


RECORDS = st.builds(
    SampleRecord,
    benchmark=st.sampled_from(["a", "b"]),
    problem=st.text(min_size=1, max_size=3),
    sample=st.integers(0, 30),
    kind=st.none() | st.sampled_from(VerdictKind),
    error=st.text(max_size=5),
    seconds=st.floats(0, 1e6),
)


@given(st.lists(RECORDS, max_size=30))
def test_every_summary_follows_the_schema(
    validator: Draft202012Validator, records: list[SampleRecord]
) -> None:
    tally = Tally()
    tally.declare("a", ["p"], planned=3)
    for record in records:
        tally.add(record)
    run = RunInfo("r", "m", settings={"temperature": 0.2, "nan": float("nan")})
    content = build_summary(tally, run, (1, 2, 10)).to_dict()
    validator.validate(json.loads(json.dumps(content, allow_nan=False)))


def test_every_verdict_kind_is_in_the_schema(validator: Draft202012Validator) -> None:
    kinds = validator.schema["$defs"]["benchmark"]["properties"]["verdicts"]["propertyNames"]
    assert kinds["enum"] == list(VerdictKind)


MINIMAL: dict[str, Any] = {
    "schema_version": "1.0",
    "run": {
        "id": "r",
        "complete": True,
        "incomplete": [],
        "model": "m",
        "settings": {},
        "versions": {},
    },
    "benchmarks": {
        "a": {
            "pass@1": {"value": 0.5, "stderr": 0.1, "low": 0.3, "high": 0.7},
            "verdicts": {"passed": 1},
            "errors": 0,
            "problems": {"p": {"n": 2, "c": 1}},
        }
    },
}


def test_the_outline_alone_is_valid_and_may_grow(validator: Draft202012Validator) -> None:
    validator.validate(MINIMAL)
    validator.validate({**MINIMAL, "extra": {"new": 1}})


def test_decisions_follow_the_schema(validator: Draft202012Validator) -> None:
    validator.validate({**AFTER.to_dict(), "gate": decision().to_dict()})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["schema_version"], "2.0"),
        (["run", "complete"], "yes"),
        (["benchmarks", "a", "pass@1", "value"], 1.5),
        (["benchmarks", "a", "pass@1", "low"], None),
        (["benchmarks", "a", "verdicts", "mystery"], 1),
        (["benchmarks", "a", "errors"], -1),
        (["benchmarks", "a", "problems", "p"], {"n": 1}),
        (["gate"], {"decision": "good"}),
    ],
)
def test_what_is_wrong_is_refused(
    validator: Draft202012Validator, path: list[str], value: object
) -> None:
    content = json.loads(json.dumps(MINIMAL))
    place = content
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(ValidationError):
        validator.validate(content)
