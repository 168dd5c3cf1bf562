"""What a comparison can find: the least detectable difference, and the samples that decide."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from pytest_aibench.scoring.permutation import Pair

__all__ = ["Needed", "detectable_difference", "samples_needed"]

POWER = 0.8
MOST_SAMPLES = 10_000


def detectable_difference(
    baseline: Mapping[str, tuple[int, int]], n: int, alpha: float = 0.05
) -> float:
    """The difference of pass@1 that `n` samples a problem find 8 times in 10.

    (z(1 - alpha/2) + z(0.8)) times the standard error that the noise of sampling leaves, as
    estimated from the (n, c) of the `baseline`. Problems that change by different amounts make
    it larger.

    Raises:
        ValueError: the baseline has no measured problem, or n < 1.
    """
    counts = [count for count in baseline.values() if count[0]]
    if not counts or n < 1:
        raise ValueError("the detectable difference needs a measured problem and n >= 1")
    noise = sampling_noise(counts)
    inverse = sum(1 / n0 + 1 / n for n0, _ in counts) / len(counts)
    return _quantiles(alpha) * math.sqrt(noise * inverse / len(counts))


def sampling_noise(counts: Sequence[tuple[int, int]]) -> float:
    """Mean over problems of p (1 - p), p being the chance to pass one sample.

    Unbiased, c (n - c) / (n (n - 1)), over problems with two samples or more. Where there are
    none, samples of one problem cannot be told apart from problems, and m (1 - m) of the mean m
    is returned, which is the most it can be. Never below half a pass in all samples.
    """
    repeated = [(n, c) for n, c in counts if n > 1]
    floor = 0.5 / sum(n for n, _ in counts)
    if repeated:
        return max(sum(c * (n - c) / (n * (n - 1)) for n, c in repeated) / len(repeated), floor)
    mean = sum(c for _, c in counts) / len(counts)
    return max(mean * (1 - mean), floor)


@dataclass(frozen=True, slots=True)
class Needed:
    """Samples a problem, of the new run and of the baseline, that would decide a comparison.

    None where no number up to 10,000 would: the difference is too small for so few problems.
    """

    run: int | None
    baseline: int | None

    def sentence(self) -> str:
        """What to do, for people."""
        if self.run is None:
            return "no number of samples decides so small a difference; it takes more problems"
        if self.baseline is None:
            return f"about {self.run:,} samples of each problem in this run would decide"
        return (
            f"about {self.run:,} samples of each problem, in this run and in its baseline, "
            f"would decide"
        )


def samples_needed(pairs: Sequence[Pair], difference: float, alpha: float = 0.05) -> Needed:
    """How many samples a problem find `difference` 8 times in 10, if it is the true one.

    `baseline` is None where the samples it has are enough. What problems changed by on their own
    account, beyond the noise of sampling, is estimated from `pairs` and stays however many
    samples are drawn.
    """
    problems = len(pairs)
    noise = sampling_noise([count for pair in pairs for count in pair])
    before = sum(1 / n0 for (n0, _), _ in pairs) / problems
    after = sum(1 / n1 for _, (n1, _) in pairs) / problems
    allowed = (difference / _quantiles(alpha)) ** 2 * problems
    allowed -= max(_spread(pairs) - noise * (before + after), 0.0)
    if allowed <= 0.0:
        return Needed(None, None)
    if (left := allowed - noise * before) > 0.0:
        run = math.ceil(noise / left)
        if run <= MOST_SAMPLES:
            return Needed(max(run, 1), None)
    both = math.ceil(2 * noise / allowed)
    return Needed(both, both) if both <= MOST_SAMPLES else Needed(None, None)


def _spread(pairs: Sequence[Pair]) -> float:
    """Variance over problems of the difference of pass@1."""
    differences = [c1 / n1 - c0 / n0 for (n0, c0), (n1, c1) in pairs]
    mean = sum(differences) / len(differences)
    return sum((d - mean) ** 2 for d in differences) / max(len(differences) - 1, 1)


def _quantiles(alpha: float) -> float:
    normal = NormalDist()
    return normal.inv_cdf(1 - alpha / 2) + normal.inv_cdf(POWER)
