"""The options of the gate, for commands."""

from __future__ import annotations

import argparse

from pytest_aibench.scoring.floors import parse_floor
from pytest_aibench.scoring.gate import GatePolicy
from pytest_aibench.scoring.mismatch import FIELDS

__all__ = ["add_gate_arguments", "gate_policy"]


def add_gate_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--gate --max-drop --alpha --max-error-rate --allow-mismatch`, as pytest has them."""
    defaults = GatePolicy()
    parser.add_argument(
        "--gate", action="append", default=[], metavar="RULE",
        help="bound that B has to hold, such as humaneval:pass@1>=0.40; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--max-drop", type=float, default=defaults.max_drop, metavar="D",
        help="drop of pass@1 that is tolerated even if significant (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--alpha", type=float, default=defaults.alpha, metavar="A",
        help="rate of false alarms to accept (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--max-error-rate", type=float, default=defaults.max_error_rate, metavar="R",
        help="share of samples that may go unmeasured (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--allow-mismatch", action="append", default=[], metavar="FIELD",
        help=f"compare although this differs: {', '.join(FIELDS)}; repeatable",
    )  # fmt: skip


def gate_policy(args: argparse.Namespace) -> GatePolicy:
    """What the options of `add_gate_arguments` demand, against a baseline.

    Raises:
        UsageError: an option is wrong.
    """
    return GatePolicy(
        floors=tuple(parse_floor(text) for text in args.gate),
        baseline=True,
        max_drop=args.max_drop,
        alpha=args.alpha,
        max_error_rate=args.max_error_rate,
        allowed=frozenset(args.allow_mismatch),
    )
