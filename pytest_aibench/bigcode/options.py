"""The options of BigCode's tasks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_aibench.lm_eval.options import names
from pytest_aibench.options import Option, lookup, register

__all__ = ["PREFIX", "BigCodeOptions", "add_bigcode_options"]

PREFIX = "bigcode-"
"""Begins the names of these benchmarks: `bigcode-humaneval` is asked and judged as BigCode does."""


@dataclass(frozen=True, slots=True)
class BigCodeOptions:
    """What the harness's tasks are told; None is the task's own default."""

    tasks: tuple[str, ...]
    prompt: str | None
    descriptions: Path | None

    @classmethod
    def from_config(cls, config: pytest.Config) -> BigCodeOptions:
        tasks, prompt, descriptions = (lookup(config, option) for option in OPTIONS)
        path = Path(descriptions).expanduser().absolute() if descriptions else None
        return cls(tuple(dict.fromkeys(names(tasks or ""))), prompt, path)


def add_bigcode_options(parser: pytest.Parser) -> None:
    """Register the options and their ini twins."""
    group = parser.getgroup("aibench-bigcode", "BigCode's tasks (pytest-aibench)")
    register(parser, group, OPTIONS)


OPTIONS = (
    Option("--bigcode-tasks", "TASK,...", str,
           "Measure these tasks of BigCode's evaluation harness with benchmarks/test_bigcode.py"),
    Option("--bigcode-prompt", "STYLE", str, "How BigCode's HumanEvalPack puts its problems: "
           "instruct, continue, octocoder, ... (default: the task's own)",
           ini="aibench_bigcode_prompt"),
    Option("--bigcode-descriptions", "FILE", str, "Descriptions that humanevalexplainsynthesize "
           "tasks write code for (BigCode's --load_data_path)"),
)  # fmt: skip
