from __future__ import annotations

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.scoring.floors import Floor, parse_floor
from pytest_aibench.scoring.summary import BenchmarkSummary, RunInfo, build_summary
from pytest_aibench.scoring.tally import Tally


@pytest.fixture(scope="module")
def benchmark_summary() -> BenchmarkSummary:
    """Ten problems of five samples: 2 passed, 1 without code, 1 timed out, 1 not measured."""
    kinds = [VerdictKind.PASSED, VerdictKind.PASSED, VerdictKind.NO_CODE, VerdictKind.TIMEOUT, None]
    tally = Tally()
    for i in range(10):
        for sample, kind in enumerate(kinds):
            record = SampleRecord("b", f"p{i}", sample, kind, tokens_in=10, tokens_out=20)
            tally.add(record)
    return build_summary(tally, RunInfo("r", "m"), (1, 2, 5)).benchmarks["b"]


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        ("humaneval:pass@1>=0.40", Floor("humaneval", "pass@1", ">=", 0.4)),
        ("pass@10 > 40%", Floor("", "pass@10", ">", 0.4)),
        (" *:no_code<=.02 ", Floor("", "no_code", "<=", 0.02)),
        ("humaneval-x-java:tokens.out<2e6", Floor("humaneval-x-java", "tokens.out", "<", 2e6)),
    ],
)
def test_forms(text: str, floor: Floor) -> None:
    assert parse_floor(text) == floor
    assert parse_floor(str(floor)) == floor


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "expected"),
        ("humaneval", "expected"),
        ("pass@1=0.4", "expected"),
        ("a:b:pass@1>=0.4", "expected"),
        ("pass@0>=0.4", "no metric 'pass@0'"),
        ("passes>=0.4", "no metric 'passes'"),
        ("pass@1>=40", "40 per cent as 0.40"),
        ("pass@1>=-0.1", "lies between 0 and 1"),
        ("pass@1>=1e", "no number"),
        ("pass@1>=nan", "expected"),
    ],
)
def test_mistakes_are_named(text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        parse_floor(text)


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("pass@1", 0.5),
        ("pass@5", None),
        ("no_code", 0.25),
        ("runtime_error", 0.0),
        ("errors", 0.2),
        ("truncated", 0.0),
        ("tokens.in", 500.0),
        ("tokens.out.mean", 25.0),
    ],
)
def test_values(benchmark_summary: BenchmarkSummary, metric: str, value: float | None) -> None:
    assert parse_floor(f"{metric}>=0").value(benchmark_summary) == value


def test_the_ends_of_the_interval(benchmark_summary: BenchmarkSummary) -> None:
    estimate = benchmark_summary.scores[2]
    assert parse_floor("pass@2.low>=0").value(benchmark_summary) == estimate.low
    assert parse_floor("pass@2.high>=0").value(benchmark_summary) == estimate.high


def test_shares_of_nothing_are_unknown() -> None:
    tally = Tally()
    tally.declare("b", ["p"])
    empty = build_summary(tally, RunInfo("r", "m"), (1,)).benchmarks["b"]
    for metric in ("no_code", "errors", "pass@1", "tokens.in.mean"):
        assert parse_floor(f"{metric}>=0").value(empty) is None


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [
        (">=", False, True, True),
        (">", False, False, True),
        ("<=", True, True, False),
        ("<", True, False, False),
    ],
)
def test_bounds(operator: str, below: bool, at: bool, above: bool) -> None:
    floor = Floor("", "pass@1", operator, 0.4)
    assert (floor.holds(0.39), floor.holds(0.4), floor.holds(0.41)) == (below, at, above)


def test_the_last_bit_of_a_mean_fails_no_floor() -> None:
    assert parse_floor("pass@1>=0.4").holds(0.39999999999999997)
    assert parse_floor("pass@1<=0.4").holds(0.4000000000000001)
