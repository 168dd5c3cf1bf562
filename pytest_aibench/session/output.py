"""The files that a run leaves behind."""

from __future__ import annotations

import os
from pathlib import Path

from pytest_aibench.options import Settings
from pytest_aibench.report.github import append_step_summary
from pytest_aibench.report.journal import merge_journals
from pytest_aibench.report.jsonfile import write_json
from pytest_aibench.report.lm_eval_results import write_lm_eval_results
from pytest_aibench.scoring.gate import Decision
from pytest_aibench.scoring.summary import Summary
from pytest_aibench.scoring.tally import Tally
from pytest_aibench.session.run import Run

__all__ = ["report_paths", "write_reports"]


def report_paths(report_file: Path | None, run: Run) -> tuple[Path, Path]:
    """Where the summary and the samples go: `--aibench-report`, or the folder of the run."""
    summary = report_file or run.folder / "summary.json"
    return summary, summary.with_suffix(".samples.jsonl")


def write_reports(
    summary: Summary, decision: Decision, tally: Tally, run: Run, settings: Settings
) -> dict[str, Path]:
    """Write the summary and, beside it, one record per sample in the order of the problems.

    On GitHub the step summary is appended to as well.

    Raises:
        OSError: a file could not be written.
    """
    summary_path, samples_path = report_paths(settings.report_file, run)
    gate = {"gate": decision.to_dict()} if decision.findings else {}
    write_json(summary_path, {**summary.to_dict(), **gate})
    merge_journals(run.journals(), tally.order(), samples_path)
    written = {"summary": summary_path, "samples": samples_path}
    if settings.lm_eval_output is not None:
        written["lm-eval"] = write_lm_eval_results(settings.lm_eval_output, summary)
    append_step_summary(summary, decision, os.environ)
    return written
