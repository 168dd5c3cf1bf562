"""How sure a mean over problems is: standard error and a 95 % interval inside [0, 1]."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from pytest_aibench.scoring.quantiles import t_quantile

__all__ = ["Estimate", "estimate_mean"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its standard error and the two ends of its interval, all in [0, 1]."""

    value: float
    stderr: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        return asdict(self)


def estimate_mean(
    values: Sequence[float], samples: float = 1.0, confidence: float = 0.95
) -> Estimate:
    """The mean of one value in [0, 1] per problem, and how far it may be off.

    The problem is the cluster: samples of one problem resemble each other, so only the spread
    between problems says how a mean over other problems of this kind would differ. The standard
    error is sd / sqrt(problems) with the sample standard deviation.

    The interval is Wilson's score interval on the effective number of independent samples,
    value (1 - value) / stderr² (Korn and Graubard 1998, "Confidence intervals for proportions
    with small expected number of positive counts", for clustered data), with the t quantile of
    problems - 1 degrees of freedom. It never leaves [0, 1] and has a width at 0 and at 1 too,
    where the spread is zero and each problem counts as one sample.

    Raises:
        ValueError: there is no value.
    """
    if not values:
        raise ValueError("the mean of no problem is undefined")
    problems = len(values)
    mean = float(np.mean(values))
    stderr = float(np.std(values, ddof=1) / math.sqrt(problems)) if problems > 1 else 0.0
    effective = _effective_size(mean, stderr, problems)
    quantile = t_quantile(0.5 + confidence / 2, max(problems - 1, 1))
    low, high = _wilson(mean, effective, quantile)
    return Estimate(mean, stderr, low, high)


def _effective_size(mean: float, stderr: float, problems: int) -> float:
    if stderr == 0.0:
        return float(problems)
    return max(mean * (1.0 - mean) / stderr**2, 1.0)


def _wilson(mean: float, size: float, quantile: float) -> tuple[float, float]:
    """Wilson 1927: the p whose score test at `quantile` does not reject `mean` of `size`."""
    square = quantile**2 / size
    centre = (mean + square / 2) / (1 + square)
    half = math.sqrt(square * (mean * (1 - mean) + square / 4)) / (1 + square)
    return max(min(centre - half, mean), 0.0), min(max(centre + half, mean), 1.0)
