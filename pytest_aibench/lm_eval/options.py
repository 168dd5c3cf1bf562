"""The options of lm-eval's tasks."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_aibench.options import Option, lookup, register

__all__ = ["LmEvalOptions", "add_lm_eval_options"]


@dataclass(frozen=True, slots=True)
class LmEvalOptions:
    """What lm-eval is told. `limit`: so many documents of each task, or below 1 that share."""

    tasks: tuple[str, ...]
    include_paths: tuple[Path, ...]
    num_fewshot: int | None
    limit: int | float | None
    bootstrap_iters: int

    @classmethod
    def from_config(cls, config: pytest.Config) -> LmEvalOptions:
        """Raises `UsageError` naming the option that is wrong."""
        tasks, paths, fewshot, limit, iterations = (lookup(config, o) for o in OPTIONS)
        return cls(
            tasks=names(tasks or ""),
            include_paths=tuple(Path(p).expanduser().absolute() for p in names(paths or "")),
            num_fewshot=fewshot,
            limit=limit if limit is not None else config.getoption("limit"),
            bootstrap_iters=iterations,
        )


def add_lm_eval_options(parser: pytest.Parser) -> None:
    """Register the options and their ini twins."""
    group = parser.getgroup("aibench-lm-eval", "lm-eval's tasks (pytest-aibench)")
    register(parser, group, OPTIONS)


def names(text: str) -> tuple[str, ...]:
    """`"gsm8k, arc_easy"` -> `("gsm8k", "arc_easy")`."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def count(text: str) -> int:
    """0, 1, 2, ..."""
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 up, got {text!r}")
    return int(text)


def document_limit(text: str) -> int | float:
    """`100` documents, or `0.1` of them."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if 0 < value < 1:
        return value
    if value < 1 or not value.is_integer():
        raise argparse.ArgumentTypeError(
            f"expected a number of documents, or a share between 0 and 1, got {text!r}"
        )
    return int(value)


OPTIONS = (
    Option("--lm-eval-tasks", "TASK,...", str,
           "Measure these tasks, groups or tags of lm-eval with benchmarks/test_lm_eval.py"),
    Option("--include-path", "DIR,...", str, "Folders with lm-eval tasks of your own",
           ini="aibench_include_path"),
    Option("--num-fewshot", "N", count, "Examples before each document, where the task allows",
           ini="aibench_num_fewshot"),
    Option("--lm-eval-limit", "N", document_limit,
           "Only the first N documents of each task, or below 1 that share of them (default: "
           "--limit)"),
    Option("--lm-eval-bootstrap", "N", count, "Draws for bootstrapped standard errors (default: "
           "100000, as lm-eval; minutes for f1 and mcc)", ini="aibench_lm_eval_bootstrap",
           default=100_000),
)  # fmt: skip
