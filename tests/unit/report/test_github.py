from __future__ import annotations

from pathlib import Path

import pytest

from pytest_aibench.report.github import (
    SUMMARY_LIMIT,
    annotation,
    append_step_summary,
    in_github_actions,
)
from pytest_aibench.report.markdown import summary_markdown
from pytest_aibench.scoring.gate import Decision, Finding, Outcome
from tests.unit.report.golden_run import AFTER, decision


def test_one_annotation_a_decision_with_the_findings_that_made_it() -> None:
    line = annotation(decision())
    assert line is not None
    assert line.startswith("::error title=pytest-aibench%3A gate failed::alpha: ")
    assert line.count("::") == 2
    assert "%0A" in line
    assert "holds" not in line.replace("does not hold", "")


def test_a_good_decision_is_a_notice() -> None:
    good = Decision((Finding("floor", Outcome.GOOD, "50% of all\n: fine"),))
    assert annotation(good) == (
        "::notice title=pytest-aibench%3A gate passed::50%25 of all%0A: fine"
    )


def test_nothing_decided_is_nothing_annotated() -> None:
    assert annotation(Decision()) is None


def test_the_step_summary_is_appended(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("other step\n")
    assert append_step_summary(AFTER, None, {"GITHUB_STEP_SUMMARY": str(path)}) == path
    assert path.read_text() == "other step\n" + summary_markdown(AFTER) + "\n"


def test_the_step_summary_stays_below_githubs_limit(tmp_path: Path) -> None:
    findings = tuple(Finding("floor", Outcome.GOOD, "x" * 1000) for _ in range(2000))
    path = tmp_path / "summary.md"
    append_step_summary(AFTER, Decision(findings), {"GITHUB_STEP_SUMMARY": str(path)})
    assert path.stat().st_size <= SUMMARY_LIMIT + 1


@pytest.mark.parametrize("environment", [{}, {"GITHUB_STEP_SUMMARY": ""}])
def test_outside_a_workflow_nothing_is_written(environment: dict[str, str]) -> None:
    assert append_step_summary(AFTER, None, environment) is None
    assert not in_github_actions(environment)
