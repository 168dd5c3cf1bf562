from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.scoring.compare import Answer, compare

Counts = dict[str, tuple[int, int]]


def run(n: int, *passed: int) -> Counts:
    return {f"p{i}": (n, c) for i, c in enumerate(passed)}


@st.composite
def two_runs(draw: st.DrawFn) -> tuple[Counts, Counts]:
    size, n0, n1 = draw(st.integers(1, 12)), draw(st.integers(1, 6)), draw(st.integers(1, 6))
    passed = [draw(st.lists(st.integers(0, n), min_size=size, max_size=size)) for n in (n0, n1)]
    return run(n0, *passed[0]), run(n1, *passed[1])


@given(two_runs())
def test_the_interval_encloses_the_difference(runs: tuple[Counts, Counts]) -> None:
    found = compare(*runs)
    assert -1.0 <= found.low <= found.difference <= found.high <= 1.0
    assert found.difference == pytest.approx(found.after - found.before, abs=1e-12)


@given(two_runs())
def test_swapping_the_runs_mirrors_the_answer(runs: tuple[Counts, Counts]) -> None:
    there, back = compare(*runs), compare(*runs[::-1])
    mirror = {Answer.BETTER: Answer.WORSE, Answer.WORSE: Answer.BETTER}
    assert back.answer is mirror.get(there.answer, Answer.UNDECIDED)
    assert back.low == pytest.approx(-there.high, abs=1e-9)


@given(two_runs())
def test_a_run_is_never_better_or_worse_than_itself(runs: tuple[Counts, Counts]) -> None:
    found = compare(runs[0], runs[0])
    assert found.answer is Answer.UNDECIDED
    assert (found.difference, found.flips) == (0.0, ())
    assert found.low < 0.0 < found.high


def test_a_clear_drop_is_worse_and_a_clear_rise_better() -> None:
    high, low = run(20, *[15] * 30), run(20, *[8] * 30)
    assert compare(high, low).answer is Answer.WORSE
    assert compare(low, high).answer is Answer.BETTER


def test_problems_that_changed_both_ways_are_undecided_however_many_samples() -> None:
    """The exact test refutes "nothing changed" here; that is not yet "worse"."""
    before = run(20, *[18] * 22, *[2] * 16)
    after = run(20, *[2] * 22, *[18] * 16)
    found = compare(before, after)
    assert found.p_value < 0.001
    assert found.low < 0.0 < found.high
    assert found.answer is Answer.UNDECIDED


def test_one_sample_a_problem_has_bonett_and_prices_interval() -> None:
    """Both solved 36, lost 12, gained 3 of 60."""
    before = run(1, *[1] * 48, *[0] * 12)
    after = run(1, *[1] * 36, *[0] * 12, *[1] * 3, *[0] * 9)
    up, down = (3 + 1) / 62, (12 + 1) / 62
    half = 1.959964 * math.sqrt((up + down - (up - down) ** 2) / 62)
    found = compare(before, after)
    assert found.low == pytest.approx(up - down - half, abs=1e-6)
    assert found.high == pytest.approx(up - down + half, abs=1e-6)


def test_only_shared_measured_problems_are_compared() -> None:
    before: Counts = {"a": (5, 5), "b": (5, 0), "gone": (5, 5)}
    after: Counts = {"a": (5, 0), "b": (0, 0), "new": (5, 5)}
    found = compare(before, after)
    assert (found.problems, found.before, found.after) == (1, 1.0, 0.0)
    assert found.left_out == ("b", "gone", "new")


def test_a_problem_with_too_few_samples_for_k_is_left_out() -> None:
    assert compare(run(3, 1, 2), {"p0": (3, 1), "p1": (1, 1)}, k=3).left_out == ("p1",)


def test_nothing_in_common_is_refused() -> None:
    with pytest.raises(ValueError, match="no problem has 1 measured"):
        compare({"a": (1, 1)}, {"b": (1, 1)})


def test_a_problem_from_mostly_to_never_solved_is_broken_if_luck_is_unlikely() -> None:
    before, after = run(20, 20, *[10] * 20), run(20, 0, *[10] * 20)
    found = compare(before, after)
    assert found.broken == ("p0",)
    assert not compare(after, before).broken
    assert compare(after, before).flips[0].significant


@pytest.mark.parametrize("n", [1, 2])
def test_few_samples_break_no_problem(n: int) -> None:
    found = compare(run(n, n, *[0] * 20), run(n, 0, *[0] * 20))
    assert [flip.problem for flip in found.flips] == ["p0"]
    assert found.broken == ()


def simulate(n: int, drop: float, runs: int = 400) -> dict[Answer, float]:
    """Answers on 164 problems as HumanEval's, pass@1 of 22 %, `drop` of them lost by all alike."""
    random = np.random.default_rng(7)
    answers = dict.fromkeys(Answer, 0)
    for _ in range(runs):
        solved = random.beta(0.154, 0.546, size=164)
        drawn = random.binomial(n, [solved, solved * (1 - drop / 0.22)])
        answers[compare(run(n, *map(int, drawn[0])), run(n, *map(int, drawn[1]))).answer] += 1
    return {answer: times / runs for answer, times in answers.items()}


@pytest.mark.parametrize("n", [1, 5, 20])
def test_false_alarms_stay_within_alpha(n: int) -> None:
    rates = simulate(n, drop=0.0)
    assert rates[Answer.WORSE] + rates[Answer.BETTER] <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 400)


def test_a_drop_of_five_points_is_found_with_twenty_samples() -> None:
    assert simulate(20, drop=0.05, runs=100)[Answer.WORSE] >= 0.95
