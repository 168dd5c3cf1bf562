from __future__ import annotations

import numpy as np
import pytest

from pytest_aibench.scoring.compare import Answer, compare
from pytest_aibench.scoring.power import Needed, detectable_difference, samples_needed


def drawn(
    random: np.random.Generator, n: int, solved: np.typing.NDArray[np.float64]
) -> dict[str, tuple[int, int]]:
    return {f"p{i}": (n, int(c)) for i, c in enumerate(random.binomial(n, solved))}


@pytest.mark.parametrize("n", [5, 20])
def test_the_detectable_difference_is_found_eight_times_in_ten(n: int) -> None:
    random = np.random.default_rng(5)
    solved = random.beta(0.6, 0.6, size=164)
    drop = detectable_difference(drawn(random, n, solved), n)
    found = 0
    for _ in range(200):
        lower = solved * (1 - drop / solved.mean())
        found += compare(drawn(random, n, solved), drawn(random, n, lower)).answer is Answer.WORSE
    assert 0.7 <= found / 200 <= 0.97


def test_more_samples_and_more_problems_detect_less() -> None:
    few = {f"p{i}": (10, 5) for i in range(30)}
    many = {f"p{i}": (10, 5) for i in range(164)}
    assert detectable_difference(many, 10) < detectable_difference(few, 10)
    assert detectable_difference(many, 20) < detectable_difference(many, 10)


def test_one_sample_a_problem_assumes_the_most_noise() -> None:
    """z(0.975) + z(0.8) = 2.8016 standard errors of two proportions of a half."""
    baseline = {f"p{i}": (1, i % 2) for i in range(100)}
    assert detectable_difference(baseline, 1) == pytest.approx(
        2.8016 * (0.25 * 2 / 100) ** 0.5, rel=1e-4
    )


def test_certain_problems_still_leave_a_doubt() -> None:
    assert detectable_difference({"p": (20, 20)}, 20) > 0.0


@pytest.mark.parametrize(("baseline", "n"), [({}, 1), ({"p": (0, 0)}, 1), ({"p": (1, 1)}, 0)])
def test_nothing_to_go_by_is_refused(baseline: dict[str, tuple[int, int]], n: int) -> None:
    with pytest.raises(ValueError, match="measured problem"):
        detectable_difference(baseline, n)


def test_samples_needed_agree_with_the_detectable_difference() -> None:
    counts = {f"p{i}": (20, 10) for i in range(164)}
    difference = detectable_difference(counts, 20)
    assert samples_needed([((20, 10), (20, 10))] * 164, difference) == Needed(20, None)


def test_a_baseline_too_small_must_grow_too() -> None:
    needed = samples_needed([((5, 2), (5, 2)), ((5, 3), (5, 3))] * 40, 0.03)
    assert needed.run == needed.baseline
    assert needed.run is not None
    assert needed.run > 5
    assert "and in its baseline" in needed.sentence()


def test_a_difference_lost_among_problems_needs_problems() -> None:
    scattered = [((20, 20), (20, 0)), ((20, 0), (20, 20))] * 10
    assert samples_needed(scattered, 0.01) == Needed(None, None)
    assert "more problems" in Needed(None, None).sentence()


def test_no_difference_is_never_decided() -> None:
    assert samples_needed([((5, 2), (5, 2))] * 10, 0.0).run is None
