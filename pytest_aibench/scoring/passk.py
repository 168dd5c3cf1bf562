"""Pass@K: the probability that at least one of k samples of a problem passes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

__all__ = ["mean_pass_at_k", "pass_at_k", "pass_at_k_values"]


@lru_cache(maxsize=65536)
def pass_at_k(n: int, c: int, k: int) -> float:
    """The unbiased estimator 1 - C(n-c, k) / C(n, k) for `c` of `n` samples passed.

    Chen et al. 2021, "Evaluating Large Language Models Trained on Code", equation 1, in the
    product form of its figure 3. The order of the operations is that of the reference harnesses,
    so that the result has the same bits as theirs.

    Raises:
        ValueError: not 1 <= k <= n or not 0 <= c <= n; with k > n the estimator is undefined.
    """
    if not 0 <= c <= n:
        raise ValueError(f"{c} passed of {n} samples: the count must lie between 0 and {n}")
    if not 1 <= k <= n:
        raise ValueError(f"pass@{k} of {n} samples is undefined: k must lie between 1 and {n}")
    if n - c < k:
        return 1.0
    return float(1.0 - np.prod(1.0 - k / np.arange(n - c + 1, n + 1)))


def pass_at_k_values(counts: Iterable[tuple[int, int]], k: int) -> list[float]:
    """The estimate of every problem, in the order of `counts`, whose rows are (n, c)."""
    return [pass_at_k(n, c, k) for n, c in counts]


def mean_pass_at_k(counts: Iterable[tuple[int, int]], k: int) -> float:
    """The mean over problems, as numpy adds (pairwise), like the reference harnesses.

    Raises:
        ValueError: there is no problem, or one with fewer than k samples.
    """
    values = pass_at_k_values(counts, k)
    if not values:
        raise ValueError(f"pass@{k} of no problem is undefined")
    return float(np.mean(values))
