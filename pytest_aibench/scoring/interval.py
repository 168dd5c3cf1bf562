"""How sure a mean over problems is: standard error and a 95 % interval inside [0, 1]."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist

import numpy as np

__all__ = ["Estimate", "estimate_mean"]

PRIOR_EVENTS = 0.5
"""How much evidence the assumption "each problem is one sample" weighs, in solved problems."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its standard error and the two ends of its interval, all in [0, 1]."""

    value: float
    stderr: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        return asdict(self)


def estimate_mean(values: Sequence[float], confidence: float = 0.95) -> Estimate:
    """The mean of one value in [0, 1] per problem, and how far it may be off.

    The problem is the cluster: samples of one problem resemble each other, so only the spread
    between problems says how the mean over other problems of this kind would differ. The standard
    error is sd / sqrt(problems) with the sample standard deviation.

    The interval is Wilson's score interval on an effective number of independent samples
    (Korn and Graubard 1998, "Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data"): problems / ratio, where the ratio compares the
    spread of the values with that of values which are only 0 or 1. Near 0 and 1 few values carry
    the spread and the ratio is poorly known, so half an event's worth of ratio 1 is mixed in; at
    0 and 1 themselves, where the spread is zero, that makes each problem one sample. Coverage is
    simulated in tests and in the gate study.

    Raises:
        ValueError: there is no value.
    """
    if not values:
        raise ValueError("the mean of no problem is undefined")
    problems = len(values)
    mean = float(np.mean(values))
    variance = float(np.var(values, ddof=1)) if problems > 1 else 0.0
    quantile = NormalDist().inv_cdf(0.5 + confidence / 2)
    low, high = _wilson(mean, problems / _spread_ratio(mean, variance, problems), quantile)
    return Estimate(mean, math.sqrt(variance / problems), low, high)


def _spread_ratio(mean: float, variance: float, problems: int) -> float:
    """Variance against that of 0 and 1 alone, in (0, 1]; shrunk to 1 where events are few."""
    bernoulli = mean * (1.0 - mean)
    events = problems * min(mean, 1.0 - mean)
    if bernoulli <= 0.0 or problems == 1:
        return 1.0
    observed = min(variance / bernoulli, 1.0)
    return (observed * events + PRIOR_EVENTS) / (events + PRIOR_EVENTS)


def _wilson(mean: float, size: float, quantile: float) -> tuple[float, float]:
    """Wilson 1927: the p whose score test at `quantile` does not reject `mean` of `size`."""
    square = quantile**2 / size
    centre = (mean + square / 2) / (1 + square)
    half = math.sqrt(square * (mean * (1 - mean) + square / 4)) / (1 + square)
    return max(min(centre - half, mean), 0.0), min(max(centre + half, mean), 1.0)
