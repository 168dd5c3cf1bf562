"""lm-eval's metrics of two runs: is one better? Its standard errors are all that is known of them.

Two means with standard errors that are independent of each other differ by z = d / sqrt(s1² + s2²),
which is normal where nothing changed (the test of two samples in Miller 2024, "Adding Error Bars to
Evals", section 4). Runs over the same documents usually go up and down together; then the test
errs on the side of "undecided".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

from pytest_aibench.scoring.compare import Answer

__all__ = ["MetricComparison", "compare_metrics"]

ENOUGH = 30
"""Documents; of fewer the mean is not normal enough for the test."""


@dataclass(frozen=True, slots=True)
class MetricComparison:
    """One metric of a task or group in two runs, each in the metric's own unit.

    `stderr` is that of the difference; None where a run has none or there are fewer than `ENOUGH`
    documents, and then nothing is decided. `higher_is_better` is None where the task does not say.
    """

    task: str
    metric: str
    before: float
    after: float
    stderr: float | None
    higher_is_better: bool | None
    alpha: float

    @property
    def difference(self) -> float:
        return self.after - self.before

    @property
    def gain(self) -> float:
        """The difference, positive where the second run is better."""
        return -self.difference if self.higher_is_better is False else self.difference

    @property
    def p_value(self) -> float | None:
        """Two-sided; None where there is no standard error to go by."""
        if self.stderr is None or (self.stderr == 0.0 and self.difference):
            return None
        return math.erfc(abs(self.difference) / self.stderr / math.sqrt(2)) if self.stderr else 1.0

    @property
    def interval(self) -> tuple[float, float] | None:
        """Encloses the difference with confidence 1 - `alpha`."""
        if self.p_value is None or self.stderr is None:
            return None
        half = NormalDist().inv_cdf(1 - self.alpha / 2) * self.stderr
        return self.difference - half, self.difference + half

    @property
    def answer(self) -> Answer:
        p_value = self.p_value
        if p_value is None or p_value >= self.alpha or self.higher_is_better is None:
            return Answer.UNDECIDED
        return Answer.BETTER if self.gain > 0 else Answer.WORSE

    def to_dict(self) -> dict[str, Any]:
        low, high = self.interval or (None, None)
        return {
            "task": self.task,
            "metric": self.metric,
            "answer": str(self.answer),
            "higher_is_better": self.higher_is_better,
            "before": self.before,
            "after": self.after,
            "difference": self.difference,
            "stderr": self.stderr,
            "low": low,
            "high": high,
            "p_value": self.p_value,
            "alpha": self.alpha,
        }


def compare_metrics(
    before: Mapping[str, Any], after: Mapping[str, Any], alpha: float = 0.05, others: int = 0
) -> tuple[MetricComparison, ...]:
    """Every metric that both of two results of `simple_evaluate` have.

    `alpha` is shared out among those that are tested and `others`, tests made elsewhere.
    """
    found = [
        MetricComparison(
            task=task,
            metric=metric,
            before=old,
            after=value,
            stderr=_stderr(before, after, task, metric),
            higher_is_better=_direction(after, task, metric),
            alpha=alpha,
        )
        for task, metric, value in _metric_values(after)
        if (old := _number(_scores(before, task).get(metric))) is not None
    ]
    tests = others + sum(comparison.p_value is not None for comparison in found)
    return tuple(replace(comparison, alpha=alpha / max(tests, 1)) for comparison in found)


def _metric_values(results: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    """Task or group, `METRIC,FILTER` and value of every metric that is a number."""
    for task in {**results.get("results", {}), **results.get("groups", {})}:
        for metric, value in _scores(results, task).items():
            number = _number(value)
            if number is not None and "," in metric and "_stderr," not in metric:
                yield task, metric, number


def _scores(results: Mapping[str, Any], task: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = results.get("results", {}).get(task) or results.get(
        "groups", {}
    ).get(task, {})
    return found


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known and math.isfinite(value) else None


def _stderr(
    before: Mapping[str, Any], after: Mapping[str, Any], task: str, metric: str
) -> float | None:
    name, _, filter_ = metric.rpartition(",")
    squares = 0.0
    for scores in (_scores(before, task), _scores(after, task)):
        stderr, documents = (
            _number(scores.get(f"{name}_stderr,{filter_}")),
            scores.get("sample_len"),
        )
        if stderr is None or not isinstance(documents, int) or documents < ENOUGH:
            return None
        squares += stderr**2
    return math.sqrt(squares)


def _direction(results: Mapping[str, Any], task: str, metric: str) -> bool | None:
    found = results.get("higher_is_better", {}).get(task, {}).get(metric.rpartition(",")[0])
    return found if isinstance(found, bool) else None
