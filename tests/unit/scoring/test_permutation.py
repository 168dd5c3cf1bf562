from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_aibench.scoring.permutation import Pair, exchange_p_value, problem_p_value


@st.composite
def counts(draw: st.DrawFn, most: int = 4, least: int = 1) -> tuple[int, int]:
    n = draw(st.integers(least, most))
    return n, draw(st.integers(0, n))


PAIRS = st.lists(st.tuples(counts(), counts()), min_size=1, max_size=4)


def exact_pass_at_k(n: int, c: int, k: int) -> Fraction:
    return 1 - Fraction(comb(n - c, k), comb(n, k))


def by_enumeration(pairs: list[Pair], k: int = 1) -> float:
    """The same p-value from every way to call samples before and after, in rationals."""

    def outcomes(pair: Pair) -> list[tuple[Fraction, Fraction]]:
        (n0, c0), (n1, c1) = pair
        passed, total = c0 + c1, comb(n0 + n1, c0 + c1)
        return [
            (
                exact_pass_at_k(n1, c, k) - exact_pass_at_k(n0, passed - c, k),
                Fraction(comb(n1, c) * comb(n0, passed - c), total),
            )
            for c in range(max(0, passed - n0), min(n1, passed) + 1)
        ]

    observed = sum(
        exact_pass_at_k(n1, c1, k) - exact_pass_at_k(n0, c0, k) for (n0, c0), (n1, c1) in pairs
    )
    lower = upper = Fraction(0)
    for outcome in product(*map(outcomes, pairs)):
        value, chance = sum(v for v, _ in outcome), Fraction(1)
        for _, each in outcome:
            chance *= each
        lower += chance if value <= observed else 0
        upper += chance if value >= observed else 0
    return float(min(Fraction(1), 2 * min(lower, upper)))


@settings(max_examples=200)
@given(PAIRS)
def test_equals_the_enumeration_of_all_exchanges(pairs: list[Pair]) -> None:
    assert exchange_p_value(pairs) == pytest.approx(by_enumeration(pairs), abs=1e-12)


@pytest.mark.parametrize(("gained", "lost"), [(0, 0), (0, 5), (3, 12), (8, 8), (1, 40)])
def test_one_sample_a_problem_is_mcnemars_exact_test(gained: int, lost: int) -> None:
    pairs = [((1, 0), (1, 1))] * gained + [((1, 1), (1, 0))] * lost + [((1, 1), (1, 1))] * 100
    changed = gained + lost
    tail = sum(comb(changed, i) for i in range(min(gained, lost) + 1)) / 2**changed
    assert exchange_p_value(pairs) == pytest.approx(min(1.0, 2 * tail), rel=1e-12)


@given(PAIRS)
def test_swapping_the_runs_changes_nothing(pairs: list[Pair]) -> None:
    swapped = [(after, before) for before, after in pairs]
    assert exchange_p_value(swapped) == pytest.approx(exchange_p_value(pairs), abs=1e-12)


def test_many_different_n_are_rounded_to_a_grid_that_hardly_matters() -> None:
    """Against the normal approximation by mean and variance of the hypergeometric sum."""
    odd = [((n, n // 2), (n + 1, n // 2 + n % 5)) for n in range(20, 60)]
    difference = sum(c1 / n1 - c0 / n0 for (n0, c0), (n1, c1) in odd)
    variance = 0.0
    for (n0, c0), (n1, c1) in odd:
        passed, total = c0 + c1, n0 + n1
        chance = n0 * n1 * passed * (total - passed) / total**2 / (total - 1)
        variance += (1 / n0 + 1 / n1) ** 2 * chance
    expected = 2 * NormalDist().cdf(-abs(difference) / variance**0.5)
    assert 0.01 < expected < 0.2
    assert exchange_p_value(odd) == pytest.approx(expected, rel=0.05)


@settings(max_examples=50)
@given(st.lists(st.tuples(counts(6, 3), counts(5, 3)), min_size=1, max_size=3))
def test_pass_at_k_is_tested_on_its_own_scale(pairs: list[Pair]) -> None:
    assert exchange_p_value(pairs, k=3) == pytest.approx(by_enumeration(pairs, 3), abs=1e-12)


def test_nothing_that_could_change_is_no_evidence() -> None:
    assert exchange_p_value([((20, 0), (20, 0)), ((20, 20), (5, 5))]) == 1.0


def test_a_single_problem_is_fishers_exact_test() -> None:
    assert problem_p_value((5, 5), (5, 0)) == pytest.approx(1 / comb(10, 5))
    assert problem_p_value((5, 0), (5, 5)) == pytest.approx(1 / comb(10, 5))
    assert problem_p_value((1, 1), (1, 0)) == pytest.approx(0.5)
