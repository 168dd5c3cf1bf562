"""The gate of the real command: exit code, JSON and text of every row of its decision table."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from .conftest import Toy

MakeToy = Callable[..., Toy]

GOOD = [["good"] * 20] * 12
BAD = [["bad"] * 20] * 6 + [["good"] * 20] * 6
SLIGHTLY_WORSE = [["bad"] + ["good"] * 19] + [["good"] * 20] * 11


_summaries: dict[str, str] = {}


def baseline_of(run: Toy, replies: Sequence[Sequence[str]], **changes: Any) -> Path:
    """The summary of a run over `replies`, with some of its top-level `run` facts changed."""
    run.write(replies)
    made_of = json.dumps(replies)
    if made_of not in _summaries:
        run.run()
        _summaries[made_of] = json.dumps(run.report())
        (run.pytester.path / "report.json").unlink()
    content = json.loads(_summaries[made_of])
    content["run"].update(changes)
    path = run.pytester.path / "baseline.json"
    path.write_text(json.dumps(content))
    return path


def outcome(run: Toy) -> tuple[str, int]:
    gate = run.report()["gate"]
    return gate["decision"], gate["exit_code"]


@pytest.mark.parametrize(
    ("ways", "rule", "code", "decision"),
    [
        ((), "toy:pass@1>=0.40", 0, "good"),
        (("-n2",), "pass@1>=40%", 0, "good"),
        ((), "toy:pass@1>=0.60", 10, "failed"),
        ((), "toy:pass@1.low>=0.50", 10, "failed"),
        (("-n2",), "toy:wrong_answer<=0.1", 10, "failed"),
        ((), "toy:errors<=0", 0, "good"),
        (("-n2",), "other:pass@1>=0.1", 11, "invalid"),
    ],
)
def test_floors(toy: MakeToy, ways: tuple[str, ...], rule: str, code: int, decision: str) -> None:
    run = toy(["good", "bad"], ["bad", "good"])
    result = run.run("--gate", rule, *ways)
    assert result.ret == code, result.stdout.str()
    assert outcome(run) == (decision, code)


@pytest.mark.parametrize(
    ("before", "after", "options", "code"),
    [
        (GOOD, GOOD, (), 0),
        (GOOD, BAD, (), 10),
        (GOOD, BAD, ("--max-drop", "1"), 10),  # problems broke: solved before, never now
        (BAD, GOOD, (), 0),
        (GOOD, SLIGHTLY_WORSE, (), 0),
    ],
    ids=["same", "worse", "broken", "better", "undecided"],
)
def test_regressions(
    toy: MakeToy,
    before: Sequence[Sequence[str]],
    after: Sequence[Sequence[str]],
    options: tuple[str, ...],
    code: int,
) -> None:
    run = toy(["good"])
    baseline = baseline_of(run, before)
    run.write(after)
    result = run.run("--baseline", str(baseline), *options)
    assert result.ret == code, result.stdout.str()
    assert outcome(run)[1] == code
    result.stdout.fnmatch_lines(["*points of pass@1 from the baseline will be seen 8 times in 10*"])


@pytest.mark.parametrize("how", ["missing", "no JSON", "another image", "another sampling"])
def test_a_baseline_that_cannot_be_compared_with_is_refused_at_once(toy: MakeToy, how: str) -> None:
    run = toy(["good"])
    changes = {"another image": {"image_digest": "sha256:0"}}.get(how, {})
    baseline = baseline_of(run, GOOD, **changes)
    if how == "missing":
        baseline.unlink()
    if how == "no JSON":
        baseline.write_text("{")
    arguments = ("--temperature", "0.3") if how == "another sampling" else ()
    result = run.run("--baseline", str(baseline), *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert not (run.pytester.path / "report.json").exists()
    named = how.split()[1] if how.startswith("another") else "baseline.json"
    result.stderr.fnmatch_lines([f"ERROR: *{named}*"])


def test_allow_mismatch_compares_nevertheless(toy: MakeToy) -> None:
    run = toy(["good"])
    baseline = baseline_of(run, GOOD, image_digest="sha256:0")
    result = run.run("--baseline", str(baseline), "--allow-mismatch", "image")
    assert result.ret == 0
    assert outcome(run) == ("good", 0)


@pytest.mark.parametrize("how", [("-k", "Toy/1"), ("--limit", "1"), ("--lf",)], ids=str)
def test_a_part_of_a_run_is_never_green(toy: MakeToy, how: tuple[str, ...]) -> None:
    run = toy(["good", "boom"], ["good", "good"])
    run.run()
    result = run.run("--gate", "pass@1>=0", *how)
    assert result.ret == 11, result.stdout.str()
    assert outcome(run) == ("invalid", 11)


def test_errors_above_the_tolerance_are_never_green(toy: MakeToy) -> None:
    run = toy(["good"] * 9 + ["boom"])
    assert run.run("--gate", "pass@1>=0.5").ret == 11
    assert run.run("--gate", "pass@1>=0.5", "--max-error-rate", "0.2").ret == 1
    assert outcome(run) == ("good", 0)


def test_a_stopped_run_is_never_green(toy: MakeToy) -> None:
    run = toy(["boom", "good"], ["good", "good"])
    result = run.run("--gate", "pass@1>=0", "-x")
    assert result.ret not in (0, 10)
    assert outcome(run) == ("invalid", 11)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--gate", "toy:pass@10>=0.5"), "*pass@10 needs --n-samples 10*"),
        (("--gate", "nonsense"), "*nonsense*"),
        (("--allow-mismatch", "colour"), "*--allow-mismatch colour: expected one of*"),
    ],
)
def test_wrong_demands_are_refused(toy: MakeToy, options: tuple[str, ...], message: str) -> None:
    result = toy(["good"]).run(*options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])


def test_ini_demands_hold(pytester: pytest.Pytester, toy: MakeToy) -> None:
    pytester.makeini("[pytest]\naibench_gate =\n    toy:pass@1>=0.9\n    errors<=0")
    run = toy(["good", "bad"])
    assert run.run().ret == 10
    assert len(run.report()["gate"]["findings"]) == 2


def test_every_consumer_is_told_the_same(toy: MakeToy, monkeypatch: pytest.MonkeyPatch) -> None:
    run = toy(["good", "bad"])
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(run.pytester.path / "step.md"))
    result = run.run(
        "--gate", "toy:pass@1>=0.9", "--junitxml", "junit.xml", "--lm-eval-output", "lm-eval",
        "--json-report", "--json-report-file", "full.json",
    )  # fmt: skip
    full = json.loads((run.pytester.path / "full.json").read_text())
    assert result.ret == full["exitcode"] == run.report()["gate"]["exit_code"] == 10
    assert full["aibench"] == run.report()
    result.stdout.fnmatch_lines(["*gate failed (exit code 10)*", "::error title=pytest-aibench*"])
    assert len([line for line in result.stdout.lines if line.startswith("::")]) == 1
    junit = (run.pytester.path / "junit.xml").read_text()
    assert 'name="aibench-gate" value="failed"' in junit
    assert "gate failed" in (run.pytester.path / "step.md").read_text()
    assert list((run.pytester.path / "lm-eval").rglob("results*.json"))


def test_ctrl_c_stays_pytests(toy: MakeToy) -> None:
    run = toy(*[["good"]] * 8)
    (run.pytester.path / "conftest.py").write_text(
        "def pytest_runtest_logreport(report):\n"
        "    if 'Toy/5' in report.nodeid:\n"
        "        raise KeyboardInterrupt\n"
    )
    result = run.run("--gate", "pass@1>=0.5")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert outcome(run) == ("invalid", 11)


def test_without_demands_nothing_is_judged(toy: MakeToy) -> None:
    run = toy(["good"], ["bad"])
    result = run.run("-k", "Toy/1")
    assert result.ret == 0
    assert "gate" not in run.report()
