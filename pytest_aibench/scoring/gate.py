"""The gate: one decision over the scores of a run, which sets its exit code. It fails closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pytest_aibench.errors import UsageError
from pytest_aibench.scoring.compare import Answer, Comparison, compare
from pytest_aibench.scoring.floors import Floor
from pytest_aibench.scoring.metrics import MetricComparison, compare_metrics
from pytest_aibench.scoring.mismatch import FIELDS, mismatches
from pytest_aibench.scoring.power import samples_needed
from pytest_aibench.scoring.summary import BenchmarkSummary, Summary

__all__ = ["Decision", "Finding", "GatePolicy", "Outcome", "judge"]

NAMES_SHOWN = 5


class Outcome(StrEnum):
    """What a finding means for the run. The gravest outcome of its findings is the decision."""

    GOOD = "good"
    FAILED = "failed"
    INVALID = "invalid"
    BUDGET = "budget"

    @property
    def exit_code(self) -> int:
        return {"good": 0, "failed": 10, "invalid": 11, "budget": 12}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule and what came of it. `benchmark` is empty where it is of the whole run."""

    rule: str
    outcome: Outcome
    message: str
    benchmark: str = ""

    def __str__(self) -> str:
        return f"{self.benchmark}: {self.message}" if self.benchmark else self.message

    def to_dict(self) -> dict[str, str]:
        return {
            "rule": self.rule,
            "outcome": str(self.outcome),
            "benchmark": self.benchmark,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """Every finding, and the comparison with the baseline of each benchmark and each of lm-eval's
    metrics."""

    findings: tuple[Finding, ...] = ()
    comparisons: dict[str, Comparison] = field(default_factory=dict)
    metrics: tuple[MetricComparison, ...] = ()

    @property
    def outcome(self) -> Outcome:
        return max((f.outcome for f in self.findings), key=_gravity, default=Outcome.GOOD)

    def exit_code(self, pytest_status: int = 0) -> int:
        """The exit code of a session that pytest would end with `pytest_status`.

        Interrupted, internal error, usage error, nothing collected (2 to 6) stay pytest's; but
        what a budget ended was not interrupted by anybody.
        """
        stopped = pytest_status == 2 and self.outcome is Outcome.BUDGET
        if pytest_status not in (0, 1) and not stopped:
            return pytest_status
        return self.outcome.exit_code or pytest_status

    def to_dict(self) -> dict[str, Any]:
        return {
            "decision": str(self.outcome),
            "exit_code": self.exit_code(),
            "findings": [finding.to_dict() for finding in self.findings],
            "comparisons": {name: c.to_dict() for name, c in self.comparisons.items()},
            **({"metrics": [m.to_dict() for m in self.metrics]} if self.metrics else {}),
        }


def _gravity(outcome: Outcome) -> int:
    return outcome.exit_code


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """What the user demands of a run.

    A drop of pass@1 fails the gate if it is significant at `alpha`, which is shared out among
    the benchmarks compared, and larger than `max_drop`. `max_error_rate` is the share of samples
    that may go unmeasured. `allowed` are names of `--allow-mismatch`.

    Raises:
        UsageError: a value out of range, or an unknown field in `allowed`.
    """

    floors: tuple[Floor, ...] = ()
    baseline: bool = False
    max_drop: float = 0.02
    alpha: float = 0.05
    max_error_rate: float = 0.0
    allowed: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not 0.0 < self.alpha < 1.0:
            raise UsageError(f"--alpha {self.alpha:g}: must lie between 0 and 1, such as 0.05")
        if not 0.0 <= self.max_drop <= 1.0:
            raise UsageError(f"--max-drop {self.max_drop:g}: must lie in 0 to 1; 0.02 is 2 points")
        if not 0.0 <= self.max_error_rate < 1.0:
            raise UsageError(f"--max-error-rate {self.max_error_rate:g}: must lie in 0 to 1")
        if unknown := sorted(self.allowed - set(FIELDS)):
            raise UsageError(f"--allow-mismatch {unknown[0]}: expected one of {', '.join(FIELDS)}")

    @property
    def active(self) -> bool:
        """Whether anything is demanded at all."""
        return bool(self.floors) or self.baseline

    @property
    def ks(self) -> tuple[int, ...]:
        """The k that the run has to score."""
        return tuple(sorted({floor.k for floor in self.floors if floor.k is not None}))


def judge(
    summary: Summary,
    policy: GatePolicy,
    baseline: Summary | None = None,
    *,
    invalid: Sequence[str] = (),
    budget: str = "",
) -> Decision:
    """Decide over a finished run.

    `invalid` are reasons why the run cannot stand, such as samples that were lost, and `budget`
    is why it was ended early; both count even where `policy` demands nothing.
    """
    findings = [Finding("run", Outcome.INVALID, reason) for reason in invalid]
    if budget:
        findings.append(Finding("budget", Outcome.BUDGET, budget))
    if not policy.active:
        return Decision(tuple(findings))
    findings += (f for f in _coverage(summary, policy) if f.message not in invalid)
    for floor in policy.floors:
        findings += _floor(summary, floor)
    comparisons: dict[str, Comparison] = {}
    metrics: list[MetricComparison] = []
    if policy.baseline:
        findings += _baseline(summary, baseline, policy, comparisons, metrics)
    return Decision(tuple(findings), comparisons, tuple(metrics))


def _coverage(summary: Summary, policy: GatePolicy) -> Iterator[Finding]:
    """Whether the run measured all that the benchmarks have."""
    if not (summary.benchmarks or summary.lm_eval):
        yield Finding("coverage", Outcome.INVALID, "nothing was measured")
    partial = Outcome.GOOD if "partial" in policy.allowed else Outcome.INVALID
    for reason in summary.run.incomplete:
        yield Finding("partial", partial, reason)
    for name, benchmark in summary.benchmarks.items():
        yield from (
            Finding(rule, partial if rule == "partial" else outcome, message, name)
            for rule, outcome, message in _gaps(benchmark, policy.max_error_rate)
        )


def _gaps(benchmark: BenchmarkSummary, tolerance: float) -> Iterator[tuple[str, Outcome, str]]:
    if (deselected := benchmark.collected - benchmark.planned) > 0:
        text = f"{deselected:,} of {benchmark.collected:,} collected samples were deselected"
        yield "partial", Outcome.INVALID, text
    if benchmark.missing:
        text = f"{benchmark.missing:,} of {benchmark.planned:,} samples were never reported"
        yield "lost", Outcome.INVALID, text
    if benchmark.errors:
        rate = benchmark.errors / max(benchmark.errors + benchmark.measured, 1)
        text = f"{benchmark.errors:,} samples ({rate:.1%}) were not measured, "
        outcome = Outcome.INVALID if rate > tolerance else Outcome.GOOD
        yield "errors", outcome, f"{text}{tolerance:.1%} are tolerated"
    if benchmark.unmeasured:
        some = ", ".join(benchmark.unmeasured[:NAMES_SHOWN])
        text = f"{len(benchmark.unmeasured):,} problems have no measured sample: {some}"
        yield "errors", Outcome.INVALID, text


def _floor(summary: Summary, floor: Floor) -> Iterator[Finding]:
    if floor.of_lm_eval:
        yield from _lm_eval_floor(summary, floor)
        return
    names = [floor.benchmark] if floor.benchmark else list(summary.benchmarks)
    for name in names:
        if name not in summary.benchmarks:
            yield Finding("floor", Outcome.INVALID, f"{floor.rule}: it was not run", name)
            continue
        value = floor.value(summary.benchmarks[name])
        if value is None:
            yield Finding("floor", Outcome.INVALID, f"{floor.rule}: it was not measured", name)
        else:
            yield _held(floor, value, name)


def _lm_eval_floor(summary: Summary, floor: Floor) -> Iterator[Finding]:
    """A bound on one of lm-eval's metrics, for a task, a group, or all that have it."""
    scores = {**summary.lm_eval.get("results", {}), **summary.lm_eval.get("groups", {})}
    having = [name for name, of in scores.items() if floor.metric in of]
    for name in [floor.benchmark] if floor.benchmark else having or [""]:
        value = scores.get(name, {}).get(floor.metric)
        if not isinstance(value, int | float):
            yield Finding("floor", Outcome.INVALID, f"{floor.rule}: it was not measured", name)
        else:
            yield _held(floor, float(value), name)


def _held(floor: Floor, value: float, name: str) -> Finding:
    outcome = Outcome.GOOD if floor.holds(value) else Outcome.FAILED
    said = "holds" if outcome is Outcome.GOOD else "does not hold"
    return Finding("floor", outcome, f"{floor.rule} {said}: it is {value:.6g}", name)


def _baseline(
    summary: Summary,
    baseline: Summary | None,
    policy: GatePolicy,
    comparisons: dict[str, Comparison],
    metrics: list[MetricComparison],
) -> Iterator[Finding]:
    if baseline is None:
        yield Finding("baseline", Outcome.INVALID, "there is no baseline to compare with")
        return
    found = mismatches(summary, baseline, policy.allowed)
    for field_, benchmark, message in found:
        hint = f"{message} (--allow-mismatch {field_} compares nevertheless)"
        yield Finding("baseline", Outcome.INVALID, hint, benchmark)
    if found:
        return
    shared = [name for name in summary.benchmarks if name in baseline.benchmarks]
    metrics += compare_metrics(baseline.lm_eval, summary.lm_eval, policy.alpha, len(shared))
    yield from _metric_regressions(metrics, policy.max_drop)
    if not (shared or metrics):
        yield Finding("baseline", Outcome.INVALID, "run and baseline share no benchmark")
    tests = len(shared) + sum(metric.p_value is not None for metric in metrics)
    for name in shared:
        before, after = (s.benchmarks[name].problems for s in (baseline, summary))
        try:
            comparison = compare(before, after, alpha=policy.alpha / tests)
        except ValueError as error:
            yield Finding("baseline", Outcome.INVALID, str(error), name)
            continue
        comparisons[name] = comparison
        yield from _regression(name, comparison, policy.max_drop)
        if comparison.answer is Answer.UNDECIDED:
            advice = _advice(before, after, comparison, policy.max_drop)
            yield Finding("power", Outcome.GOOD, advice, name)


def _regression(name: str, found: Comparison, max_drop: float) -> Iterator[Finding]:
    change = f"pass@{found.k} {found.before:.1%} -> {found.after:.1%}"
    sure = f"{_points(found.difference)} points [{_points(found.low)}, {_points(found.high)}]"
    text = f"{found.answer}: {change}, {sure}, p = {found.p_value:.2g}"
    worse = found.answer is Answer.WORSE
    if worse and found.difference >= -max_drop:
        text += f"; a drop of {max_drop:.1%} is tolerated"
    failed = worse and found.difference < -max_drop
    yield Finding("regression", Outcome.FAILED if failed else Outcome.GOOD, text, name)
    if found.broken:
        some = ", ".join(found.broken[:NAMES_SHOWN])
        more = len(found.broken) - NAMES_SHOWN
        text = f"mostly solved before, never now: {some}{f' and {more} more' if more > 0 else ''}"
        yield Finding("broken", Outcome.FAILED, text, name)


def _metric_regressions(metrics: Sequence[MetricComparison], max_drop: float) -> Iterator[Finding]:
    """The metrics that changed beyond chance, and how many did not."""
    decided = [metric for metric in metrics if metric.answer is not Answer.UNDECIDED]
    for metric in decided:
        text = f"{metric.answer}: {metric.metric} {metric.before:.4g} -> {metric.after:.4g}"
        text += f", p = {metric.p_value:.2g}"
        failed = metric.answer is Answer.WORSE and metric.gain < -max_drop
        if metric.answer is Answer.WORSE and not failed:
            text += f"; a change of {max_drop:g} is tolerated"
        yield Finding("regression", Outcome.FAILED if failed else Outcome.GOOD, text, metric.task)
    if len(metrics) > len(decided):
        text = f"{len(metrics) - len(decided):,} of {len(metrics):,} metrics of lm-eval undecided"
        yield Finding("power", Outcome.GOOD, text)


def _points(fraction: float) -> str:
    return f"{fraction * 100:+.1f}"


def _advice(
    before: dict[str, tuple[int, int]],
    after: dict[str, tuple[int, int]],
    found: Comparison,
    max_drop: float,
) -> str:
    """What would decide an undecided comparison: were the difference as it seems, or, if it seems
    to be within the tolerance, a drop as large as that."""
    if found.low > -max_drop:
        return f"a drop of more than {100 * max_drop:.1f} points is ruled out"
    pairs = [(n0c0, after[id_]) for id_, n0c0 in before.items() if n0c0[0] and id_ in after]
    pairs = [pair for pair in pairs if pair[1][0]]
    difference = found.difference if abs(found.difference) > max_drop else -max_drop
    needed = samples_needed(pairs, difference, found.alpha)
    return f"if {_points(difference)} points were true, {needed.sentence()}"
