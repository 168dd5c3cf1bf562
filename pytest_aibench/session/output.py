"""The files that a run leaves behind."""

from __future__ import annotations

from pathlib import Path

from pytest_aibench.report.journal import merge_journals
from pytest_aibench.report.jsonfile import write_json
from pytest_aibench.report.summary import Summary
from pytest_aibench.scoring.tally import Tally
from pytest_aibench.session.run import Run

__all__ = ["report_paths", "write_reports"]


def report_paths(report_file: Path | None, run: Run) -> tuple[Path, Path]:
    """Where the summary and the samples go: `--aibench-report`, or the folder of the run."""
    summary = report_file or run.folder / "summary.json"
    return summary, summary.with_suffix(".samples.jsonl")


def write_reports(
    summary: Summary, tally: Tally, run: Run, report_file: Path | None
) -> dict[str, Path]:
    """Write the summary and, beside it, one record per sample in the order of the problems.

    Raises:
        OSError: a file could not be written.
    """
    summary_path, samples_path = report_paths(report_file, run)
    write_json(summary_path, summary.to_dict())
    merge_journals(run.journals(), tally.order(), samples_path)
    return {"summary": summary_path, "samples": samples_path}
