"""`aibench baseline accept SUMMARY FILE`: keep a run as the one that later runs are held to."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pytest_aibench.errors import UsageError
from pytest_aibench.report.jsonfile import write_json
from pytest_aibench.report.lm_eval_tables import HEADER, columns, score_rows
from pytest_aibench.report.load import load_summary
from pytest_aibench.scoring.summary import Summary

__all__ = ["add_arguments", "run"]

_LM_EVAL_CIRCUMSTANCES = ("date", "git_hash", "upper_git_hash", "pretty_env_info")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    accept = actions.add_parser("accept", help="write the baseline file from a summary")
    accept.add_argument("summary", type=Path, help="summary of a complete run")
    accept.add_argument("baseline", type=Path, help="file to write, to be reviewed and committed")


def run(args: argparse.Namespace) -> int:
    """Write the baseline file and say what changed.

    Raises:
        UsageError: the summary is malformed or of an incomplete run.
        OSError: the file cannot be written.
    """
    summary = load_summary(args.summary)
    if not summary.complete:
        raise UsageError(
            f"{args.summary}: the run is incomplete ({summary.incomplete[0]}) and can be no "
            f"baseline; run the whole benchmark and accept that"
        )
    old = load_summary(args.baseline) if args.baseline.exists() else None
    write_json(args.baseline, reviewable(summary))
    for name, benchmark in summary.benchmarks.items():
        for k, estimate in benchmark.scores.items():
            print(f"{name} pass@{k}: {_was(old, name, k)}{estimate.value:.1%}")
    for line in columns(HEADER, score_rows(summary.lm_eval)) if summary.lm_eval else ():
        print(line)
    print(f"wrote {args.baseline}; review and commit it")
    return 0


def reviewable(summary: Summary) -> dict[str, Any]:
    """The summary without what differs from run to run and decides nothing: times, costs."""
    content = summary.to_dict()
    for name in ("seconds", "machine", "generation", "warnings", "hosts"):
        content["run"].pop(name, None)
    for name in _LM_EVAL_CIRCUMSTANCES:
        content.get("lm_eval", {}).pop(name, None)
    for benchmark in content["benchmarks"].values():
        for name in ("seconds", "error_messages"):
            del benchmark[name]
    return content


def _was(old: Summary | None, name: str, k: int) -> str:
    benchmark = old.benchmarks.get(name) if old else None
    estimate = benchmark.scores.get(k) if benchmark else None
    return f"{estimate.value:.1%} -> " if estimate else ""
