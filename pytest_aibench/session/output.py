"""The files that a run leaves behind."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pytest_aibench.report.github import append_step_summary
from pytest_aibench.report.journal import merge_journals
from pytest_aibench.report.jsonfile import write_json
from pytest_aibench.report.lm_eval_results import write_lm_eval_results
from pytest_aibench.scoring.gate import Decision
from pytest_aibench.scoring.summary import Summary
from pytest_aibench.session.run import Run
from pytest_aibench.settings import Settings

__all__ = ["report_paths", "write_for_others", "write_reports"]


def report_paths(report_file: Path | None, run: Run) -> tuple[Path, Path]:
    """Where the summary and the samples go: `--aibench-report`, or the folder of the run."""
    summary = report_file or run.folder / "summary.json"
    return summary, summary.with_suffix(".samples.jsonl")


def write_reports(
    report: dict[str, Any], order: Sequence[tuple[str, str]], run: Run, settings: Settings
) -> dict[str, Path]:
    """Write the summary and, beside it, one record per sample in the `order` of the problems.

    Raises:
        OSError: a file could not be written.
    """
    summary_path, samples_path = report_paths(settings.report_file, run)
    write_json(summary_path, report)
    merge_journals(run.journals(), order, samples_path)
    return {"summary": summary_path, "samples": samples_path}


def write_for_others(summary: Summary, decision: Decision, settings: Settings) -> None:
    """Write what other tools read: lm-eval's results if asked for, GitHub's step summary there.

    Raises:
        OSError: a file could not be written.
    """
    if settings.lm_eval_output is not None:
        write_lm_eval_results(settings.lm_eval_output, summary)
    append_step_summary(summary, decision, os.environ)
