"""Distributions that the standard library lacks: Student's t, by the incomplete beta function."""

from __future__ import annotations

import math
from functools import lru_cache

__all__ = ["beta_cdf", "t_cdf", "t_quantile"]

_TINY = 1e-300
_EPSILON = 1e-15


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), a, b > 0 and x in [0, 1].

    DLMF 8.17.22 (continued fraction, by Lentz's method) on the side where it converges fast,
    and 8.17.4 (symmetry) on the other.
    """
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta_cdf(1.0 - x, b, a)
    log_front = (
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    return math.exp(log_front) / (a * _beta_fraction(x, a, b))


def _beta_fraction(x: float, a: float, b: float) -> float:
    """1 + d1/(1 + d2/(1 + ...)) with the coefficients of DLMF 8.17.23."""
    value = c = 1.0
    d = 0.0
    for step in range(1, 1000):
        m, odd = divmod(step, 2)
        if odd:
            factor = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            factor = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1.0 / _nonzero(1.0 + factor * d)
        c = _nonzero(1.0 + factor / c)
        value *= c * d
        if abs(c * d - 1.0) < _EPSILON:
            break
    return value


def _nonzero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def t_cdf(t: float, degrees: float) -> float:
    """P(T <= t) of Student's t with `degrees` > 0 of freedom (Abramowitz and Stegun 26.7.1)."""
    square = t * t
    if square < degrees:  # the other form would lose the digits of a small t
        half = beta_cdf(square / (degrees + square), 0.5, degrees / 2) / 2
        return 0.5 - half if t < 0 else 0.5 + half
    tail = beta_cdf(degrees / (degrees + square), degrees / 2, 0.5) / 2
    return tail if t < 0 else 1.0 - tail


@lru_cache(maxsize=1024)
def t_quantile(probability: float, degrees: float) -> float:
    """The t with P(T <= t) = `probability`, in (0, 1), by bisection to double precision."""
    if probability < 0.5:
        return -t_quantile(1.0 - probability, degrees)
    low, high = 0.0, 1.0
    while t_cdf(high, degrees) < probability:
        low, high = high, high * 2
    while (middle := (low + high) / 2) not in (low, high):
        if t_cdf(middle, degrees) < probability:
            low = middle
        else:
            high = middle
    return high
