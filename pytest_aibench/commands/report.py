"""`aibench report RUN -o report.html`: the page of a run, or its Markdown."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_aibench.commands.gate_arguments import add_gate_arguments, gate_policy
from pytest_aibench.errors import UsageError
from pytest_aibench.report.html import write_page
from pytest_aibench.report.journal import read_journal
from pytest_aibench.report.jsonfile import write_text
from pytest_aibench.report.load import load_summary
from pytest_aibench.report.markdown import summary_markdown
from pytest_aibench.report.merge import samples_path
from pytest_aibench.scoring.gate import Decision, judge
from pytest_aibench.scoring.summary import Summary

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", type=Path, metavar="RUN", help="summary of a run, or the folder that holds it"
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, help="file to write, .html or .md"
    )
    parser.add_argument("--baseline", type=Path, help="summary of the run to compare with")
    add_gate_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Write the report; the exit code is 0 whatever the scores are.

    Raises:
        UsageError: a file is malformed, or an option is wrong.
        OSError: a file cannot be read or written.
    """
    path = args.source / "summary.json" if args.source.is_dir() else args.source
    summary = load_summary(path)
    decision = _decide(summary, args)
    if args.output.suffix == ".md":
        write_text(args.output, summary_markdown(summary, decision))
    elif args.output.suffix in (".html", ".htm"):
        write_page(args.output, summary, _samples(path), decision)
    else:
        raise UsageError(f"-o {args.output}: give a name that ends in .html or .md")
    print(f"wrote {args.output}")
    return 0


def _decide(summary: Summary, args: argparse.Namespace) -> Decision | None:
    if args.baseline is None:
        return None
    return judge(summary, gate_policy(args), load_summary(args.baseline))


def _samples(summary: Path) -> Iterator[dict[str, Any]]:
    path = samples_path(summary)
    if path.exists():
        yield from read_journal(path)
    else:
        print(f"{path} is not there: the page has no samples")
