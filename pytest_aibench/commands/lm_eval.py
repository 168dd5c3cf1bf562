"""`aibench lm_eval ARGUMENT...`: lm-eval's own command, which here knows `--model aibench`."""

from __future__ import annotations

import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    # Everything is lm-eval's, `--help` too: nothing begins with this character.
    parser.prefix_chars = "\0"
    parser.add_argument("arguments", nargs="*", metavar="ARGUMENT", help="as `lm_eval` takes them")


def run(args: argparse.Namespace) -> int:
    """Run the command.

    Raises:
        UsageError: lm-eval is not installed, or the model cannot be used.
        SandboxError: a task runs programs, and there is no sandbox for them.
    """
    from pytest_aibench.lm_eval.command import run_lm_eval

    return run_lm_eval(args.arguments)
