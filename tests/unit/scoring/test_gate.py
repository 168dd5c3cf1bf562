"""The decision table: baseline states x run states x options, and what comes of each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.scoring.floors import parse_floor
from pytest_aibench.scoring.gate import Decision, Finding, GatePolicy, Outcome, judge
from pytest_aibench.scoring.summary import RunInfo, Summary, build_summary
from pytest_aibench.scoring.tally import Tally

INFO = RunInfo("r", "m", settings={"temperature": 0.8, "n_samples": 10}, image_digest="i1")


def measured(
    *passed: int, n: int = 10, name: str = "b", info: RunInfo = INFO, **more: Any
) -> Summary:
    """One benchmark; problem i passed `passed[i]` of `n` samples."""
    tally = Tally()
    tally.declare(
        name, [f"p{i}" for i in range(len(passed))], **{"dataset_digest": "d1", **more}, planned=n
    )
    for i, times in enumerate(passed):
        for sample in range(n):
            kind = VerdictKind.PASSED if sample < times else VerdictKind.WRONG_ANSWER
            tally.add(SampleRecord(name, f"p{i}", sample, kind))
    return build_summary(tally, info, (1, 10))


def with_errors(errors: int, problems: int = 10, n: int = 10) -> Summary:
    """Half of the samples passed; the first `errors` samples of the last problem not measured."""
    tally = Tally()
    tally.declare("b", [f"p{i}" for i in range(problems)], dataset_digest="d1", planned=n)
    for i in range(problems):
        for sample in range(n):
            kind = VerdictKind.PASSED if sample % 2 else VerdictKind.TIMEOUT
            lost = i == problems - 1 and sample < errors
            tally.add(SampleRecord("b", f"p{i}", sample, None if lost else kind))
    return build_summary(tally, INFO, (1,))


HALF = measured(*[5] * 40)
LOWER = measured(*[2] * 40)
HIGHER = measured(*[8] * 40)
SLIGHTLY_LOWER = measured(*[5] * 38, 4, 4)
BROKEN = measured(*[10] * 1, *[5] * 39)
BASELINE = GatePolicy(baseline=True)


def floor(*texts: str, **more: Any) -> GatePolicy:
    return GatePolicy(floors=tuple(map(parse_floor, texts)), **more)


def allowing(*fields: str) -> GatePolicy:
    return GatePolicy(baseline=True, allowed=frozenset(fields))


def info(**changes: Any) -> RunInfo:
    return replace(INFO, **changes)


HALF_OF = [5] * 40

GOOD, FAILED, INVALID = Outcome.GOOD, Outcome.FAILED, Outcome.INVALID

# run, baseline, policy -> outcome, part of a message
TABLE: dict[str, tuple[Summary, Summary | None, GatePolicy, Outcome, str]] = {
    "nothing demanded": (LOWER, None, GatePolicy(), GOOD, ""),
    "floor holds": (HALF, None, floor("b:pass@1>=0.4"), GOOD, "holds: it is 0.5"),
    "floor broken": (LOWER, None, floor("b:pass@1>=0.4"), FAILED, "does not hold: it is 0.2"),
    "floor of every benchmark": (LOWER, None, floor("pass@1>=0.4"), FAILED, "does not hold"),
    "one of two floors broken": (
        HALF, None, floor("pass@1>=0.4", "wrong_answer<=0.1"), FAILED, "wrong_answer<=0.1",
    ),
    "floor on the interval": (HALF, None, floor("pass@1.low>=0.499"), FAILED, "pass@1.low"),
    "floor of a benchmark not run": (HALF, None, floor("c:pass@1>=0.4"), INVALID, "was not run"),
    "floor of a k not scored": (HALF, None, floor("pass@11>=0.4"), INVALID, "was not measured"),
    "floor and deselected samples": (
        measured(*HALF_OF, collected=500), None, floor("pass@1>=0.4"), INVALID, "deselected",
    ),
    "floor and stopped session": (
        measured(*HALF_OF, info=info(incomplete=("stopped by -x",))), None,
        floor("pass@1>=0.4"), INVALID, "stopped by -x",
    ),
    "floor and part of the run allowed": (
        measured(*HALF_OF, collected=500), None,
        floor("pass@1>=0.4", allowed=frozenset({"partial"})), GOOD, "deselected",
    ),
    "floor and an error": (with_errors(1), None, floor("pass@1>=0.4"), INVALID, "1.0%"),
    "floor and tolerated errors": (
        with_errors(1), None, floor("pass@1>=0.4", max_error_rate=0.01), GOOD, "tolerated",
    ),
    "floor and too many errors": (
        with_errors(2), None, floor("pass@1>=0.4", max_error_rate=0.01), INVALID, "2.0%",
    ),
    "floor and an unmeasured problem": (
        with_errors(10), None, floor("pass@1>=0.4", max_error_rate=0.5), INVALID, "p9",
    ),
    "nothing measured": (
        build_summary(Tally(), INFO, (1,)), None, floor("pass@1>=0.4"), INVALID, "nothing",
    ),
    "no baseline": (HALF, None, BASELINE, INVALID, "no baseline"),
    "the same": (HALF, HALF, BASELINE, GOOD, "undecided"),
    "better": (HIGHER, HALF, BASELINE, GOOD, "better: pass@1 50.0% -> 80.0%"),
    "worse": (LOWER, HALF, BASELINE, FAILED, "worse: pass@1 50.0% -> 20.0%"),
    "slightly lower": (SLIGHTLY_LOWER, HALF, BASELINE, GOOD, "undecided"),
    "worse within tolerance": (
        LOWER, HALF, GatePolicy(baseline=True, max_drop=0.5), GOOD, "tolerated",
    ),
    "a problem broke": (
        measured(0, *[5] * 39), BROKEN, BASELINE, FAILED, "never now: p0",
    ),
    "floor broken but not worse": (
        HALF, HALF, floor("pass@1>=0.6", baseline=True), FAILED, "does not hold",
    ),
    "baseline of another benchmark": (
        HALF, measured(*HALF_OF, name="c"), BASELINE, INVALID, "baseline has no benchmark b",
    ),
    "baseline of another benchmark allowed": (
        HALF, measured(*HALF_OF, name="c"), allowing("benchmark"), INVALID, "share no benchmark",
    ),
    "baseline of another data set": (
        HALF, measured(*HALF_OF, dataset_digest="d2"), BASELINE, INVALID, "dataset differs",
    ),
    "data set allowed": (
        HALF, measured(*HALF_OF, dataset_digest="d2"), allowing("dataset"), GOOD, "undecided",
    ),
    "baseline of other problems": (
        HALF, measured(*[5] * 41), BASELINE, INVALID, "1 problems are in only one",
    ),
    "baseline of another prompt": (
        HALF, measured(*HALF_OF, info=info(prompt_digest="x")), BASELINE,
        INVALID, "prompt differs",
    ),
    "baseline of another image": (
        HALF, measured(*HALF_OF, info=info(image_digest="i2")), BASELINE,
        INVALID, "image differs",
    ),
    "baseline of other sampling": (
        HALF, measured(*HALF_OF, info=info(settings={"temperature": 0.2})), BASELINE,
        INVALID, "temperature 0.2",
    ),
    "wrong field allowed": (
        HALF, measured(*HALF_OF, info=info(image_digest="i2")), allowing("prompt"),
        INVALID, "--allow-mismatch image",
    ),
    "baseline of another profile": (
        HALF, measured(*HALF_OF, info=info(settings={**INFO.settings, "profile": "bigcode"})),
        BASELINE, INVALID, "the baseline has bigcode, this run aibench",
    ),
    "baseline from before there were profiles": (
        measured(*HALF_OF, info=info(settings={**INFO.settings, "profile": "aibench"})),
        HALF, BASELINE, GOOD, "undecided",
    ),
    "incomplete baseline": (
        HALF, measured(*HALF_OF, collected=500), BASELINE, INVALID, "baseline is incomplete",
    ),
    "baseline of other n": (HALF, measured(*[1] * 40, n=2), BASELINE, GOOD, "undecided"),
    "baseline of another model": (
        LOWER, measured(*HALF_OF, info=info(model="other")), BASELINE, FAILED, "worse",
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", TABLE)
def test_decision_table(row: str) -> None:
    run, baseline, policy, outcome, message = TABLE[row]
    decision = judge(run, policy, baseline)
    assert decision.outcome is outcome
    assert any(message in str(f) for f in decision.findings) or not message
    reasons = [f for f in decision.findings if f.outcome is outcome]
    assert reasons or outcome is Outcome.GOOD
    assert decision.to_dict()["exit_code"] == {"good": 0, "failed": 10, "invalid": 11}[outcome]


def test_lost_samples_and_budget_count_even_where_nothing_is_demanded() -> None:
    assert judge(HALF, GatePolicy(), invalid=["2 lost"]).outcome is Outcome.INVALID
    ended = judge(HALF, GatePolicy(), invalid=["2 lost"], budget="1,000,000 tokens were spent")
    assert (ended.outcome, ended.exit_code()) == (Outcome.BUDGET, 12)


def test_a_reason_is_told_once() -> None:
    run = measured(*HALF_OF, info=info(incomplete=("2 samples were lost",)))
    decision = judge(run, floor("pass@1>=0.4"), invalid=["2 samples were lost"])
    assert [f.message for f in decision.findings].count("2 samples were lost") == 1


def test_the_gravest_finding_decides() -> None:
    order = [Outcome.GOOD, Outcome.FAILED, Outcome.INVALID, Outcome.BUDGET]
    for i, outcome in enumerate(order):
        findings = tuple(Finding("r", o, "m") for o in order[: i + 1])
        assert Decision(findings).outcome is outcome
        assert Decision(findings[::-1]).outcome is outcome


@pytest.mark.parametrize("status", [2, 3, 4, 5, 6])
def test_pytests_own_codes_keep_their_meaning(status: int) -> None:
    assert Decision((Finding("r", Outcome.FAILED, "m"),)).exit_code(status) == status


def test_a_run_that_its_budget_stopped_was_not_interrupted() -> None:
    decision = Decision((Finding("budget", Outcome.BUDGET, "m"),))
    assert [decision.exit_code(status) for status in (0, 1, 2, 3)] == [12, 12, 12, 3]


def test_failed_tests_do_not_hide_the_gate_nor_the_gate_failed_tests() -> None:
    assert Decision((Finding("r", Outcome.FAILED, "m"),)).exit_code(1) == 10
    assert Decision((Finding("r", Outcome.GOOD, "m"),)).exit_code(1) == 1


def test_alpha_is_shared_out_among_benchmarks() -> None:
    names = ["a", "b"]
    both = Summary(INFO, dict.fromkeys(names, HALF.benchmarks["b"]))
    decision = judge(both, BASELINE, both)
    assert [decision.comparisons[name].alpha for name in names] == [0.025, 0.025]


def test_an_undecided_comparison_says_what_would_decide() -> None:
    decision = judge(SLIGHTLY_LOWER, BASELINE, HALF)
    (advice,) = [f.message for f in decision.findings if f.rule == "power"]
    assert "if -2.0 points were true, about" in advice
    assert "samples of each problem" in advice


def test_an_undecided_comparison_as_it_seems_beyond_the_tolerance() -> None:
    decision = judge(measured(*[5] * 30, *[4] * 10), BASELINE, HALF)
    (advice,) = [f.message for f in decision.findings if f.rule == "power"]
    assert "if -2.5 points were true, about" in advice


def test_an_undecided_comparison_that_rules_a_drop_out_says_so() -> None:
    sure = [measured(*[n // 2] * 100, n=400) for n in (400, 402)]
    decision = judge(sure[1], BASELINE, sure[0])
    (advice,) = [f.message for f in decision.findings if f.rule == "power"]
    assert advice == "a drop of more than 2.0 points is ruled out"


@pytest.mark.parametrize(
    ("values", "option"),
    [
        ({"alpha": 0.0}, "--alpha"),
        ({"alpha": float("nan")}, "--alpha"),
        ({"max_drop": -0.1}, "--max-drop"),
        ({"max_error_rate": 1.0}, "--max-error-rate"),
        ({"allowed": frozenset({"everything"})}, "--allow-mismatch everything"),
    ],
)
def test_a_policy_out_of_range_is_refused(values: dict[str, Any], option: str) -> None:
    with pytest.raises(UsageError, match=option):
        GatePolicy(**values)


def test_a_policy_names_the_scores_it_needs() -> None:
    assert floor("pass@10>=0.1", "pass@1.low>=0.1", "no_code<=0.1").ks == (1, 10)
