from __future__ import annotations

import json
import math
from typing import Any

import pytest

from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.scoring.passk import mean_pass_at_k
from pytest_aibench.scoring.summary import RunInfo, Summary, build_summary
from pytest_aibench.scoring.tally import Tally

RUN = RunInfo("r1", "replay/x", settings={"temperature": 0.2}, versions={"pytest": "9"})


def outcomes(planned: int, *, whole: bool = False, **problems: str) -> Summary:
    """Problems by name: one letter a sample, `+` passed, `-` wrong, `!` not measured."""
    kinds = {"+": VerdictKind.PASSED, "-": VerdictKind.WRONG_ANSWER, "!": None}
    tally = Tally()
    tally.declare("b", list(problems), dataset_digest="sha", planned=planned)
    for problem, letters in problems.items():
        for i, letter in enumerate(letters):
            error = "x" if letter == "!" else ""
            tally.add(SampleRecord("b", problem, i, kinds[letter], error=error))
    return build_summary(tally, RUN, (1, 2, 10), whole=whole)


def test_the_outline_is_that_of_the_issue() -> None:
    content = outcomes(2, p="+-", q="--").to_dict()
    assert content["schema_version"] == "1.0"
    run, benchmark = content["run"], content["benchmarks"]["b"]
    assert (run["id"], run["complete"], run["model"]) == ("r1", True, "replay/x")
    assert run["settings"] == {"temperature": 0.2}
    assert run["versions"] == {"pytest": "9"}
    assert set(benchmark["pass@1"]) == {"value", "stderr", "low", "high"}
    assert benchmark["verdicts"] == {"passed": 1, "wrong_answer": 3}
    assert benchmark["errors"] == 0
    assert benchmark["problems"] == {"p": {"n": 2, "c": 1}, "q": {"n": 2, "c": 0}}


def test_scores_keep_full_precision_through_json() -> None:
    content = outcomes(3, p="+--", q="++-", r="---").to_dict()
    again = json.loads(json.dumps(content, allow_nan=False))
    expected = mean_pass_at_k([(3, 1), (3, 2), (3, 0)], 2)
    assert again["benchmarks"]["b"]["pass@2"]["value"] == expected


def test_a_k_beyond_the_plan_is_left_out_silently() -> None:
    benchmark = outcomes(2, p="+-").benchmarks["b"]
    assert set(benchmark.scores) == {1, 2}
    assert benchmark.undefined == {}


def test_a_k_that_errors_made_impossible_is_named() -> None:
    summary = outcomes(2, p="+-", q="-!")
    assert set(summary.benchmarks["b"].scores) == {1}
    assert summary.benchmarks["b"].undefined == {2: "q has 1 measured, 2 are needed"}


@pytest.mark.parametrize(
    ("problems", "reason"),
    [
        ({"p": "+-", "q": "!!"}, "b: 1 of 2 problems have no measured sample"),
        ({"p": "+-", "q": "-!"}, "b: 1 of 4 samples could not be measured"),
        ({"p": "+-", "q": "-"}, "b: 1 of 4 samples were never reported"),
    ],
)
def test_gaps_make_the_run_incomplete(problems: dict[str, Any], reason: str) -> None:
    summary = outcomes(2, **problems)
    assert reason in summary.incomplete
    assert summary.to_dict()["run"]["complete"] is False
    assert summary.to_dict()["run"]["incomplete"] == list(summary.incomplete)


def test_an_unmeasured_problem_is_in_no_mean() -> None:
    assert outcomes(2, p="++", q="!!").benchmarks["b"].scores[1].value == 1.0


def test_a_benchmark_may_be_scored_as_a_whole_only() -> None:
    benchmark = outcomes(2, whole=True, p="++", q="!!").benchmarks["b"]
    assert benchmark.scores == {}
    reason = "q has no measured sample, and the profile scores whole benchmarks only"
    assert benchmark.undefined == {1: reason, 2: reason}
    assert outcomes(2, whole=True, p="++", q="-!").benchmarks["b"].scores.keys() == {1}


def test_reasons_of_the_session_make_it_incomplete() -> None:
    summary = build_summary(Tally(), RunInfo("r", "m", incomplete=("stopped by -x",)), (1,))
    assert summary.incomplete == ("stopped by -x",)


def test_values_that_json_lacks_become_text() -> None:
    run = RunInfo("r", "m", settings={"a": math.nan, "b": "\ud800", "c": {1: object}})
    text = json.dumps(build_summary(Tally(), run, (1,)).to_dict(), allow_nan=False)
    settings = json.loads(text)["run"]["settings"]
    assert settings["a"] == "nan"
    assert settings["b"] == "\\ud800"


def test_deselected_samples_make_the_run_incomplete() -> None:
    tally = Tally()
    tally.declare("b", {"p": 1}, collected=4)
    tally.add(SampleRecord("b", "p", 0, VerdictKind.PASSED))
    summary = build_summary(tally, RUN, (1,))
    assert summary.incomplete == ("b: 3 of 4 collected samples were deselected",)
    assert summary.to_dict()["benchmarks"]["b"]["samples"]["collected"] == 4
