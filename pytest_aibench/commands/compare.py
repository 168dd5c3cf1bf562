"""`aibench compare A B`: is run B better or worse than run A?"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from pytest_aibench.commands.gate_arguments import add_gate_arguments, gate_policy
from pytest_aibench.report.decision import decision_lines
from pytest_aibench.report.load import load_summary
from pytest_aibench.report.markdown import summary_markdown
from pytest_aibench.report.terminal import lm_eval_lines, summary_lines, write_lines
from pytest_aibench.scoring.gate import Decision, judge
from pytest_aibench.scoring.summary import Summary

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("baseline", type=Path, metavar="A", help="summary of the run before")
    parser.add_argument("summary", type=Path, metavar="B", help="summary of the run after")
    parser.add_argument(
        "--format", choices=("text", "json", "markdown"), default="text", help="default: text"
    )
    add_gate_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the comparison; the exit code is the gate's: 0 good, 10 failed, 11 invalid.

    Raises:
        UsageError: a file is no summary, or an option is wrong.
    """
    policy = gate_policy(args)
    before, after = load_summary(args.baseline), load_summary(args.summary)
    decision = judge(after, policy, before)
    _SHOW[args.format](after, decision)
    return decision.exit_code()


def _show_text(summary: Summary, decision: Decision) -> None:
    # pytest's writer knows about colours, widths and encodings of terminals.
    from _pytest._io import TerminalWriter

    writer = TerminalWriter(sys.stdout)
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    width = min(writer.fullwidth, 120)
    if summary.benchmarks or not summary.lm_eval:
        write_lines(writer, summary_lines(summary, width, plain))
    write_lines(writer, lm_eval_lines(summary.lm_eval, plain))
    write_lines(writer, decision_lines(decision, width, plain))


def _show_json(_: Summary, decision: Decision) -> None:
    print(json.dumps(decision.to_dict(), indent=2, allow_nan=False))


def _show_markdown(summary: Summary, decision: Decision) -> None:
    print(summary_markdown(summary, decision), end="")


_SHOW = {"text": _show_text, "json": _show_json, "markdown": _show_markdown}
