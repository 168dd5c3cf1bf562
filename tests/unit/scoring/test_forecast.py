from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.scoring.floors import parse_floor
from pytest_aibench.scoring.forecast import forecast
from pytest_aibench.scoring.gate import GatePolicy
from pytest_aibench.scoring.summary import RunInfo, Summary, build_summary
from pytest_aibench.scoring.tally import Tally

INFO = RunInfo("r", "m", settings={"temperature": 0.8})
BASELINE = GatePolicy(baseline=True)


def summary(
    problems: int = 40, passed: int | None = None, info: RunInfo = INFO, **more: Any
) -> Summary:
    """What was collected; with `passed` of ten samples a problem, what was measured."""
    tally = Tally()
    tally.declare(
        "b", [f"p{i}" for i in range(problems)], **{"dataset_digest": "d", **more}, planned=10
    )
    for i in range(problems) if passed is not None else ():
        for sample in range(10):
            kind = VerdictKind.PASSED if sample < (passed or 0) else VerdictKind.TIMEOUT
            tally.add(SampleRecord("b", f"p{i}", sample, kind))
    return build_summary(tally, info, (1,))


def test_it_says_what_can_be_found() -> None:
    (note,) = forecast(summary(), BASELINE, summary(passed=5), 10)
    assert note == "b: a change of pass@1 by 10.4 points or more will be found 8 times in 10"


def test_more_samples_find_less() -> None:
    (note,) = forecast(summary(), BASELINE, summary(passed=5), 100)
    assert "by 7.7 points" in note


def test_a_limited_run_is_not_refused() -> None:
    (note,) = forecast(summary(problems=10), BASELINE, summary(passed=5), 10)
    assert "by 20.9 points" in note


@pytest.mark.parametrize(
    ("baseline", "reason"),
    [
        (None, "there is no baseline"),
        (summary(passed=5, dataset_digest="other"), "b: dataset differs"),
        (summary(passed=5, info=replace(INFO, prompt_digest="x")), "prompt differs"),
        (summary(passed=5, info=replace(INFO, settings={})), "sampling differs"),
        (summary(passed=5, collected=1640), "the baseline is incomplete"),
    ],
)
def test_a_baseline_of_another_kind_is_refused(baseline: Summary | None, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        forecast(summary(), BASELINE, baseline, 10)


def test_what_is_allowed_is_not_refused() -> None:
    policy = GatePolicy(baseline=True, allowed=frozenset({"dataset"}))
    assert forecast(summary(), policy, summary(passed=5, dataset_digest="other"), 10)


@pytest.mark.parametrize(
    ("floor", "reason"),
    [
        ("pass@11>=0.1", "needs 11 samples of each problem, and there will be 10"),
        ("c:pass@1>=0.1", r"c is not among the benchmarks that will run \(b\)"),
    ],
)
def test_floors_that_cannot_be_measured_are_refused(floor: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        forecast(summary(), GatePolicy(floors=(parse_floor(floor),)), None, 10)


def test_nothing_demanded_is_nothing_said() -> None:
    assert forecast(summary(), GatePolicy(), None, 1) == []
