from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.scoring.interval import estimate_mean

VALUES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40)


@given(VALUES)
def test_the_ends_enclose_the_value_and_stay_probabilities(values: list[float]) -> None:
    estimate = estimate_mean(values)
    assert 0.0 <= estimate.low <= estimate.value <= estimate.high <= 1.0
    assert estimate.stderr >= 0.0


@given(VALUES)
def test_failures_mirror_successes(values: list[float]) -> None:
    estimate, mirrored = estimate_mean(values), estimate_mean([1.0 - v for v in values])
    assert mirrored.low == pytest.approx(1.0 - estimate.high, abs=1e-9)
    assert mirrored.high == pytest.approx(1.0 - estimate.low, abs=1e-9)


def test_the_standard_error_is_that_of_the_mean_over_problems() -> None:
    estimate = estimate_mean([0.0, 0.5, 1.0, 0.5])
    assert estimate.value == 0.5
    assert estimate.stderr == pytest.approx(math.sqrt((0.25 + 0.25) / 3 / 4))


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_certainty_has_a_width_that_shrinks_with_problems(value: float) -> None:
    few, many = estimate_mean([value] * 10), estimate_mean([value] * 164)
    assert few.value == many.value == value
    assert few.stderr == 0.0
    assert few.high - few.low == pytest.approx(0.2775, abs=1e-4)  # Wilson, 0 of 10
    assert many.high - many.low == pytest.approx(0.0229, abs=1e-4)  # Wilson, 0 of 164


def test_one_sample_a_problem_is_wilsons_interval() -> None:
    estimate = estimate_mean([1.0] * 36 + [0.0] * 128)
    # 36 of 164 by Wilson's formula without a correction for continuity.
    assert [estimate.low, estimate.high] == pytest.approx([0.1630, 0.2890], abs=4e-4)


def test_samples_of_like_problems_narrow_it_and_of_unlike_ones_do_not() -> None:
    alike = estimate_mean([0.2, 0.3] * 82)
    unlike = estimate_mean([0.0, 0.0, 0.0, 1.0] * 41)
    assert alike.value == pytest.approx(unlike.value)
    assert alike.high - alike.low < (unlike.high - unlike.low) / 4


def test_a_greater_confidence_is_wider() -> None:
    values = [0.0, 0.5, 1.0] * 10
    assert estimate_mean(values, 0.99).low < estimate_mean(values, 0.95).low


def test_no_value_is_refused() -> None:
    with pytest.raises(ValueError, match="no problem"):
        estimate_mean([])


BANDS = {"near 0": (0.005, 0.05), "middle": (0.05, 0.95), "near 1": (0.95, 0.995)}


def coverage(problems: int, n: int, band: str, runs: int = 4000) -> float:
    """Of problems as HumanEval's: most nearly always or nearly never solved (Beta, a + b = 0.7)."""
    random = np.random.default_rng(20260101)
    truth = random.uniform(*BANDS[band], size=runs)
    shape = (runs, problems)
    solved = random.beta(0.7 * truth[:, None], 0.7 * (1 - truth[:, None]), size=shape)
    values = random.binomial(n, solved) / n
    estimates = [estimate_mean(list(row)) for row in values]
    covered = [e.low <= t <= e.high for e, t in zip(estimates, truth, strict=True)]
    return float(np.mean(covered))


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("n", [1, 5, 20])
def test_coverage_is_95_percent_within_2_points(n: int, band: str) -> None:
    assert coverage(164, n, band) == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("n", [1, 5, 20])
def test_few_problems_err_on_the_wide_side(n: int, band: str) -> None:
    """Of 30 problems, often none is solved near 0: the coverage then exceeds its target."""
    assert 0.94 <= coverage(30, n, band) <= 0.98
