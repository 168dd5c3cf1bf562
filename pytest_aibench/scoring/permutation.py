"""The exact test of "nothing changed": samples of a problem are exchangeable between two runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import comb, gcd, lcm

import numpy as np
from numpy.typing import NDArray

from pytest_aibench.scoring.passk import pass_at_k

__all__ = ["Pair", "exchange_p_value", "problem_p_value"]

Pair = tuple[tuple[int, int], tuple[int, int]]
"""(n, c) of one problem before and after."""

GRID_STEPS = 20_000
EXACT_STEPS = 100_000

Floats = NDArray[np.float64]


def exchange_p_value(pairs: Sequence[Pair], k: int = 1) -> float:
    """Two-sided p-value of the mean difference of pass@k, paired by problem.

    If nothing changed, which of the samples of a problem are called "after" is chance: given how
    many of them passed in all, the number that passed after is hypergeometric, independently for
    each problem. The distribution of the summed difference is the convolution of these; twice
    its smaller tail is the p-value. So it holds for any number of samples, also different ones
    before and after. It is the exact conditional form of the Cochran-Mantel-Haenszel test; with
    one sample a problem it is McNemar's exact test.

    Exact as long as the differences have a common step, which few different n have; otherwise
    they are rounded to 1/20,000 of the range of their sum.
    """
    tables = [_table(*before, *after, k) for before, after in pairs]
    moving = [table for table in tables if len(table[0]) > 1]
    if not moving:
        return 1.0
    unit = _unit(pairs, k, span=sum(float(v[-1] - v[0]) for v, *_ in moving))
    sums, observed = np.ones(1), 0
    for values, chances, index in moving:
        steps = np.rint((values - values[0]) / unit).astype(np.int64)
        kernel = np.zeros(int(steps[-1]) + 1)
        np.add.at(kernel, steps, chances)
        sums = np.convolve(sums, kernel)
        observed += int(steps[index])
    lower, upper = float(sums[: observed + 1].sum()), float(sums[observed:].sum())
    return min(1.0, 2.0 * min(lower, upper))


@lru_cache(maxsize=65536)
def _table(n0: int, c0: int, n1: int, c1: int, k: int) -> tuple[Floats, Floats, int]:
    """Differences that the pooled samples allow, in rising order, their chances, the index of
    the one that was observed."""
    passed = c0 + c1
    after = range(max(0, passed - n0), min(n1, passed) + 1)
    values = [pass_at_k(n1, c, k) - pass_at_k(n0, passed - c, k) for c in after]
    ways = [comb(n1, c) * comb(n0, passed - c) for c in after]
    total = comb(n0 + n1, passed)
    return np.array(values), np.array([way / total for way in ways]), c1 - after[0]


def _unit(pairs: Sequence[Pair], k: int, span: float) -> float:
    """The step in which differences are counted: their common divisor, unless that is too fine."""
    sizes = {(n0, n1) for (n0, _), (n1, _) in pairs}
    exact = _common_step(sizes) if k == 1 else 1 / lcm(*(comb(n, k) for s in sizes for n in s))
    return exact if span / exact <= EXACT_STEPS else span / GRID_STEPS


def _common_step(sizes: Iterable[tuple[int, int]]) -> float:
    """One more pass after and one less before changes pass@1 by 1/n1 + 1/n0."""
    changes = [Fraction(n0 + n1, n0 * n1) for n0, n1 in sizes]
    denominator = lcm(*(change.denominator for change in changes))
    return gcd(*(int(change * denominator) for change in changes)) / denominator


def problem_p_value(before: tuple[int, int], after: tuple[int, int]) -> float:
    """One-sided p-value of the change of one problem in the direction it took: Fisher's test."""
    values, chances, index = _table(*before, *after, 1)
    rose = values[index] > 0
    return min(1.0, float((chances[index:] if rose else chances[: index + 1]).sum()))
