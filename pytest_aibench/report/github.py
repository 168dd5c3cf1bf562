"""What GitHub Actions shows of a run: one annotation and the step summary."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pytest_aibench.report.decision import TITLES
from pytest_aibench.report.markdown import summary_markdown
from pytest_aibench.scoring.gate import Decision, Outcome
from pytest_aibench.scoring.summary import Summary

__all__ = ["annotation", "append_step_summary", "in_github_actions"]

SUMMARY_LIMIT = 1_000_000
"""GitHub drops a step summary of more than 1 MiB."""


def in_github_actions(environment: Mapping[str, str]) -> bool:
    return environment.get("GITHUB_ACTIONS") == "true"


def annotation(decision: Decision) -> str | None:
    """The workflow command that annotates the run with its decision; None without a decision.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    if not decision.findings:
        return None
    level = "notice" if decision.outcome is Outcome.GOOD else "error"
    title = f"pytest-aibench: {TITLES[decision.outcome]}"
    told = [f for f in decision.findings if f.outcome is decision.outcome]
    message = "\n".join(str(finding) for finding in told)
    return f"::{level} title={_property(title)}::{_data(message)}"


def append_step_summary(
    summary: Summary, decision: Decision | None, environment: Mapping[str, str]
) -> Path | None:
    """Append the run's Markdown to the step summary; where to, or None outside a workflow.

    Raises:
        OSError: it could not be written.
    """
    name = environment.get("GITHUB_STEP_SUMMARY")
    if not name:
        return None
    text = summary_markdown(summary, decision).encode("utf-8", "replace")[:SUMMARY_LIMIT]
    path = Path(name)
    with path.open("ab") as file:
        file.write(text + b"\n")
    return path


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
