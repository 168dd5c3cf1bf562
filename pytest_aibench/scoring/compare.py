"""Is one run better than another? Paired by problem, with the rule for each answer written out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Any

import numpy as np

from pytest_aibench.scoring.passk import pass_at_k
from pytest_aibench.scoring.permutation import Pair, exchange_p_value, problem_p_value

__all__ = ["Answer", "Comparison", "Flip", "compare"]

Counts = Mapping[str, tuple[int, int]]


class Answer(StrEnum):
    """What a comparison says of the second run."""

    BETTER = "better"
    WORSE = "worse"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Flip:
    """A problem that went from mostly solved to never solved, or from never to mostly.

    `before` and `after` are (n, c). `significant` ones are unlikely to be luck even though every
    problem was looked at.
    """

    problem: str
    before: tuple[int, int]
    after: tuple[int, int]
    p_value: float
    significant: bool

    @property
    def broken(self) -> bool:
        return self.after[1] == 0

    def to_dict(self) -> dict[str, Any]:
        counts = {"before": self.before, "after": self.after}
        return {
            "problem": self.problem,
            **{name: {"n": n, "c": c} for name, (n, c) in counts.items()},
            "p_value": self.p_value,
            "significant": self.significant,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """pass@k of the problems that both runs measured: `after - before` and how sure that is.

    `low` and `high` enclose the difference with confidence 1 - `alpha`. `left_out` are problems
    that only one of the runs measured, or with fewer than k samples in one of them.
    """

    k: int
    alpha: float
    problems: int
    before: float
    after: float
    difference: float
    stderr: float
    low: float
    high: float
    p_value: float
    flips: tuple[Flip, ...]
    left_out: tuple[str, ...]

    @property
    def answer(self) -> Answer:
        """Better or worse only if the test and the interval both say so.

        The test, p < alpha, refutes "nothing changed in any problem". The interval without 0
        refutes "problems changed this way and that, and on the average not at all". Where one of
        them does not, the runs are undecided.
        """
        if self.p_value >= self.alpha or self.low <= 0.0 <= self.high:
            return Answer.UNDECIDED
        return Answer.BETTER if self.difference > 0 else Answer.WORSE

    @property
    def broken(self) -> tuple[str, ...]:
        """Problems that went from mostly to never solved, beyond luck."""
        return tuple(flip.problem for flip in self.flips if flip.broken and flip.significant)

    def to_dict(self) -> dict[str, Any]:
        return {
            "answer": str(self.answer),
            "metric": f"pass@{self.k}",
            "before": self.before,
            "after": self.after,
            "difference": self.difference,
            "stderr": self.stderr,
            "low": self.low,
            "high": self.high,
            "p_value": self.p_value,
            "alpha": self.alpha,
            "problems": self.problems,
            "left_out": list(self.left_out),
            "flips": [flip.to_dict() for flip in self.flips],
        }


def compare(before: Counts, after: Counts, k: int = 1, alpha: float = 0.05) -> Comparison:
    """Compare two runs by their (n, c) of each problem.

    Raises:
        ValueError: no problem has k samples in both runs.
    """
    shared = [id_ for id_ in before if _has(before, id_, k) and _has(after, id_, k)]
    if not shared:
        raise ValueError(f"no problem has {k} measured samples in both runs")
    pairs = [(before[id_], after[id_]) for id_ in shared]
    values = np.array([[pass_at_k(*b, k), pass_at_k(*a, k)] for b, a in pairs])
    means = values.mean(axis=0)
    differences = values[:, 1] - values[:, 0]
    mean, stderr, low, high = _interval(differences, pairs, alpha)
    return Comparison(
        k=k,
        alpha=alpha,
        problems=len(shared),
        before=float(means[0]),
        after=float(means[1]),
        difference=mean,
        stderr=stderr,
        low=low,
        high=high,
        p_value=exchange_p_value(pairs, k),
        flips=_flips(shared, pairs, alpha),
        left_out=tuple(id_ for id_ in dict.fromkeys([*before, *after]) if id_ not in set(shared)),
    )


def _has(counts: Counts, problem: str, k: int) -> bool:
    return problem in counts and counts[problem][0] >= max(k, 1)


def _interval(
    differences: Any, pairs: Sequence[Pair], alpha: float
) -> tuple[float, float, float, float]:
    """Mean difference, its standard error and interval, the problem being the cluster.

    Two problems are added, one up and one down by what a single problem's difference may vary
    at most, sqrt((1/n0 + 1/n1) / 2): with one sample a problem this is the interval of Bonett and
    Price 2012, "Adjusted Wald confidence interval for a difference of binomial proportions based
    on paired data". So it has a width even where no problem changed.
    """
    size = len(differences)
    added = float(np.mean([(1 / n0 + 1 / n1) / 2 for (n0, _), (n1, _) in pairs]))
    mean = float(differences.mean())
    centre = mean * size / (size + 2)
    square = (float((differences**2).sum()) + 2 * added) / (size + 2)
    spread = math.sqrt(max(square - centre**2, 0.0) / (size + 2))
    half = NormalDist().inv_cdf(1 - alpha / 2) * spread
    stderr = float(differences.std(ddof=1)) / math.sqrt(size) if size > 1 else 0.0
    return mean, stderr, max(min(centre - half, mean), -1.0), min(max(centre + half, mean), 1.0)


def _flips(problems: Sequence[str], pairs: Sequence[Pair], alpha: float) -> tuple[Flip, ...]:
    """Problems from more than half solved to none, or back; Bonferroni over all problems."""
    limit = alpha / 2 / len(problems)
    flips = []
    for id_, (before, after) in zip(problems, pairs, strict=True):
        if _flipped(before, after) or _flipped(after, before):
            p_value = problem_p_value(before, after)
            flips.append(Flip(id_, before, after, p_value, p_value <= limit))
    return tuple(flips)


def _flipped(mostly: tuple[int, int], never: tuple[int, int]) -> bool:
    return 2 * mostly[1] > mostly[0] and never[1] == 0
