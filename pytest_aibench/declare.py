"""The decorator that makes a test function a benchmark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.problems.problem import Problem

__all__ = [
    "Declaration",
    "ProblemSource",
    "benchmark",
    "bigcode_tasks",
    "declaration_of",
    "is_for_bigcode",
    "is_for_lm_eval",
    "lm_eval_tasks",
]

ProblemSource: TypeAlias = str | Path | Sequence[Problem] | Callable[[], Sequence[Problem]]
F = TypeVar("F", bound=Callable[..., object])

_ATTRIBUTE = "__aibench_benchmark__"
_LM_EVAL = "__aibench_lm_eval__"
_BIGCODE = "__aibench_bigcode__"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the decorator was told; data is loaded only when the function is collected.

    `label` goes after the function's name in node ids.
    """

    name: str
    problems: ProblemSource | None
    label: str = ""


def benchmark(
    name: str | None = None, *, problems: ProblemSource | None = None
) -> Callable[[F], F]:
    """Collect the decorated function once for every problem and sample.

    Args:
        name: a registered benchmark (`humaneval`, `basics`, ...), or with `problems` the name
            that reports use. Default: the function's name without `test_`.
        problems: the problems, or a function that returns them, or a file of them (`.jsonl`,
            `.jsonl.gz`; relative to the test file).
    """

    def decorate(function: F) -> F:
        given = name or function.__name__.removeprefix("test_")
        setattr(function, _ATTRIBUTE, Declaration(given, problems))
        pytest.mark.aibench(given)(function)
        return function

    if callable(name):
        raise UsageError("write @benchmark() with parentheses, or @benchmark('humaneval')")
    return decorate


def declaration_of(function: object) -> Declaration | None:
    """What `benchmark` attached to `function`, if anything."""
    found = getattr(function, _ATTRIBUTE, None)
    return found if isinstance(found, Declaration) else None


def lm_eval_tasks() -> Callable[[F], F]:
    """Collect the decorated function once for every document of the tasks of `--lm-eval-tasks`."""

    def decorate(function: F) -> F:
        setattr(function, _LM_EVAL, True)
        pytest.mark.aibench("lm-eval")(function)
        return function

    return decorate


def is_for_lm_eval(function: object) -> bool:
    """Whether `lm_eval_tasks` decorated `function`."""
    return getattr(function, _LM_EVAL, False) is True


def bigcode_tasks() -> Callable[[F], F]:
    """Collect the decorated function once for every problem and sample of the tasks of
    `--bigcode-tasks`."""

    def decorate(function: F) -> F:
        setattr(function, _BIGCODE, True)
        pytest.mark.aibench("bigcode")(function)
        return function

    return decorate


def is_for_bigcode(function: object) -> bool:
    """Whether `bigcode_tasks` decorated `function`."""
    return getattr(function, _BIGCODE, False) is True
