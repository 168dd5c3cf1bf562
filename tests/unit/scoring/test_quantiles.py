from __future__ import annotations

from math import comb
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.scoring.quantiles import beta_cdf, t_cdf, t_quantile


@pytest.mark.parametrize(
    ("probability", "degrees", "expected"),
    [  # Student's t table
        (0.975, 1, 12.706204736),
        (0.975, 2, 4.302652730),
        (0.975, 10, 2.228138852),
        (0.95, 30, 1.697260887),
        (0.995, 5, 4.032142984),
    ],
)
def test_t_quantile_equals_the_table(probability: float, degrees: int, expected: float) -> None:
    assert t_quantile(probability, degrees) == pytest.approx(expected, abs=1e-8)


@given(st.floats(0.001, 0.999), st.floats(1.0, 1e6))
def test_t_quantile_inverts_t_cdf(probability: float, degrees: float) -> None:
    assert t_cdf(t_quantile(probability, degrees), degrees) == pytest.approx(probability, abs=1e-9)


@given(st.floats(0.001, 0.999))
def test_many_degrees_are_the_normal_distribution(probability: float) -> None:
    normal = NormalDist().inv_cdf(probability)
    assert t_quantile(probability, 1e7) == pytest.approx(normal, abs=1e-4)


@given(st.floats(0.0, 1.0), st.integers(1, 40))
def test_beta_cdf_with_whole_parameters_is_a_binomial_tail(x: float, n: int) -> None:
    for c in range(1, n + 1):
        tail = sum(comb(n, i) * x**i * (1 - x) ** (n - i) for i in range(c, n + 1))
        assert beta_cdf(x, c, n - c + 1) == pytest.approx(tail, abs=1e-10)


def test_beta_cdf_ends_at_zero_and_one() -> None:
    assert (beta_cdf(-0.1, 2, 3), beta_cdf(0.0, 2, 3)) == (0.0, 0.0)
    assert (beta_cdf(1.0, 2, 3), beta_cdf(1.1, 2, 3)) == (1.0, 1.0)
