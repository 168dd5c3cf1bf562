from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.scoring.tally import ERRORS_KEPT, BenchmarkTally, Tally


def record(problem: str, sample: int, kind: VerdictKind | None, **more: object) -> SampleRecord:
    return SampleRecord("b", problem, sample, kind, **more)  # type: ignore[arg-type]


def filled(*records: SampleRecord) -> BenchmarkTally:
    tally = Tally()
    for each in records:
        tally.add(each)
    return tally.benchmarks["b"]


def test_only_measured_samples_count_in_n() -> None:
    tally = filled(
        record("p", 0, VerdictKind.PASSED),
        record("p", 1, VerdictKind.TIMEOUT),
        record("p", 2, None, error="engine gone"),
    )
    assert tally.counts() == [(2, 1)]
    assert (tally.measured, tally.errors, tally.problems["p"].errors) == (2, 1, 1)
    assert tally.verdicts == {VerdictKind.PASSED: 1, VerdictKind.TIMEOUT: 1}
    assert tally.error_messages == {"engine gone": 1}


def test_a_sample_counts_once() -> None:
    tally = Tally()
    assert tally.add(record("p", 3, VerdictKind.PASSED, tokens_out=7))
    assert not tally.add(record("p", 3, VerdictKind.TIMEOUT, tokens_out=7))
    assert tally.benchmarks["b"].counts() == [(1, 1)]
    assert tally.benchmarks["b"].tokens_out == 7


def test_problems_keep_the_order_of_declaration_not_of_arrival() -> None:
    tally = Tally()
    tally.declare("b", ["z", "a"], dataset_digest="d", planned=2)
    tally.add(record("a", 0, VerdictKind.PASSED))
    tally.add(record("late", 0, VerdictKind.PASSED))
    assert tally.order() == [("b", "z"), ("b", "a"), ("b", "late")]
    assert tally.benchmarks["b"].dataset_digest == "d"


def test_unmeasured_problems_are_in_no_count_but_are_missing() -> None:
    tally = Tally()
    tally.declare("b", ["p", "q"], planned=3)
    tally.add(record("p", 0, VerdictKind.PASSED))
    tally.add(record("p", 1, None, error="x"))
    assert tally.benchmarks["b"].counts() == [(1, 1)]
    assert tally.benchmarks["b"].missing == 1 + 3


def test_declaring_again_forgets_nothing() -> None:
    tally = Tally()
    tally.declare("b", ["p"], dataset_digest="d", planned=5)
    tally.add(record("p", 0, VerdictKind.PASSED))
    tally.declare("b", ["p", "q"], planned=2)
    counted = tally.benchmarks["b"]
    assert (counted.planned, counted.planned_n, counted.dataset_digest) == (5 + 2, 5, "d")
    assert counted.counts() == [(1, 1)]


def test_problems_may_have_plans_of_their_own() -> None:
    tally = Tally()
    tally.declare("b", {"p": 3, "q": 1})
    tally.add(record("p", 0, VerdictKind.PASSED))
    tally.add(record("q", 7, VerdictKind.PASSED))
    counted = tally.benchmarks["b"]
    assert (counted.planned, counted.missing) == (4, 2)


def test_costs_are_added() -> None:
    costs = {"seconds": 2.0, "cpu_seconds": 1.0, "model_seconds": 4.0, "truncated": True}
    tally = filled(*(record("p", i, VerdictKind.PASSED, **costs) for i in range(3)))
    assert (tally.wall_ns, tally.cpu_ns, tally.model_ns) == (6e9, 3e9, 12e9)
    assert tally.truncated == 3


def test_different_error_messages_are_kept_up_to_a_limit() -> None:
    tally = filled(*(record("p", i, None, error=f"error {i}") for i in range(2 * ERRORS_KEPT)))
    assert len(tally.error_messages) == ERRORS_KEPT
    assert tally.errors == 2 * ERRORS_KEPT


@given(st.permutations(range(12)))
def test_the_order_of_arrival_changes_no_count(order: list[int]) -> None:
    kinds = [VerdictKind.PASSED, VerdictKind.TIMEOUT, None]
    tally = Tally()
    tally.declare("b", ["p0", "p1"], planned=6)
    for i in order:
        tally.add(record(f"p{i % 2}", i // 2, kinds[i % 3]))
    assert tally.benchmarks["b"].counts() == [(4, 2), (4, 2)]
    assert tally.benchmarks["b"].missing == 0


def test_memory_grows_with_problems_not_with_samples() -> None:
    tracemalloc.start()
    tally = Tally()
    for i in range(32_800):
        tally.add(record(f"p{i % 164}", i // 164, VerdictKind.PASSED))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 200_000


def test_a_quarantined_problem_is_in_no_count() -> None:
    tally = Tally()
    tally.declare("b", ["p0", "p1"], planned=2, collected=4)
    tally.quarantine("b", "p1", "its own solution fails")
    for i in range(4):
        assert tally.add(record(f"p{i % 2}", i // 2, VerdictKind.PASSED))
    counted = tally.benchmarks["b"]
    assert counted.counts() == [(2, 2)]
    assert (counted.measured, counted.missing, counted.collected) == (2, 0, 2)
    assert counted.quarantined == {"p1": "its own solution fails"}
