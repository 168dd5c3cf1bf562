from __future__ import annotations

import math
import random
from statistics import NormalDist, fmean, stdev
from typing import Any

import pytest

from pytest_aibench.scoring.compare import Answer
from pytest_aibench.scoring.metrics import MetricComparison, compare_metrics


def results(
    value: Any, stderr: Any, *, better: bool | None = True, documents: int = 200
) -> dict[str, Any]:
    scores = {"alias": "t", "sample_len": documents, "acc,none": value, "acc_stderr,none": stderr}
    directions = {} if better is None else {"acc": better}
    return {"results": {"t": scores}, "higher_is_better": {"t": directions}}


def compared(before: Any, after: Any, **more: Any) -> MetricComparison:
    (found,) = compare_metrics(results(*before, **more), results(*after, **more))
    return found


def test_the_difference_over_both_standard_errors_is_normal() -> None:
    found = compared((0.5, 0.03), (0.62, 0.04))
    assert found.stderr == pytest.approx(0.05)
    assert found.p_value == pytest.approx(2 * (1 - NormalDist().cdf(0.12 / 0.05)))
    assert found.interval == pytest.approx((0.12 - 1.959964 * 0.05, 0.12 + 1.959964 * 0.05))
    assert found.answer is Answer.BETTER


@pytest.mark.parametrize(
    ("better", "answer"),
    [(True, Answer.WORSE), (False, Answer.BETTER), (None, Answer.UNDECIDED)],
)
def test_the_task_says_which_direction_is_better(better: bool | None, answer: Answer) -> None:
    assert compared((0.9, 0.01), (0.5, 0.01), better=better).answer is answer


@pytest.mark.parametrize(
    ("before", "after", "documents"),
    [
        ((0.0, 0.1), (1.0, "N/A"), 200),
        ((0.0, None), (1.0, 0.1), 200),
        ((0.0, 0.01), (1.0, 0.01), 29),
        ((0.0, 0.0), (1.0, 0.0), 200),
    ],
    ids=["no stderr", "none before", "few documents", "stderr of 0"],
)
def test_nothing_is_decided_without_a_standard_error_to_go_by(
    before: Any, after: Any, documents: int
) -> None:
    found = compared(before, after, documents=documents)
    assert (found.p_value, found.interval, found.answer) == (None, None, Answer.UNDECIDED)
    assert found.difference == 1.0


def test_the_same_number_without_any_error_is_no_change() -> None:
    assert compared((1.0, 0.0), (1.0, 0.0)).p_value == 1.0


def test_what_is_no_number_in_both_is_left_out() -> None:
    assert compare_metrics(results("nan", 0.1), results(0.5, 0.1)) == ()
    assert compare_metrics({}, results(0.5, 0.1)) == ()


def test_alpha_is_shared_among_all_tests() -> None:
    before, after = results(0.5, 0.1), results(0.5, 0.1)
    untested = {"alias": "u", "brier,none": 0.5, "brier_stderr,none": "N/A"}
    for scores in (before, after):
        scores["results"] |= {"u": untested}
        scores["groups"] = {"g": scores["results"]["t"]}
    found = compare_metrics(before, after, alpha=0.06, others=1)
    assert [(m.task, m.alpha) for m in found] == [("t", 0.02), ("u", 0.02), ("g", 0.02)]


def test_false_alarms_are_as_rare_as_alpha_says() -> None:
    source = random.Random(5)

    def accuracy() -> tuple[float, float]:
        right = [float(source.random() < 0.7) for _ in range(100)]
        return fmean(right), stdev(right) / math.sqrt(100)

    alarms = sum(
        compared(accuracy(), accuracy()).answer is not Answer.UNDECIDED for _ in range(1000)
    )
    # Of 1000 with a rate of 0.05, fewer than 79 in all but 1 of 20,000 studies.
    assert alarms < 79
