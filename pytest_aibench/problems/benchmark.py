"""A benchmark: a named set of problems with its composition and limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pytest_aibench.problems.compose import Compose, compose_humaneval
from pytest_aibench.problems.judging import Rules
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.sources import DataSource

__all__ = ["Benchmark"]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What is fixed for all problems of a named set.

    `load` may raise DataAbsent (the data are nowhere) or DataError (they are wrong).
    `stop` are the words at which a base model's continuation of a prompt ends.
    `finish(problem, text)` is what the reference harness makes of a prompt with its continuation
    before it composes the program; None where it leaves the text alone.
    `cpu_seconds` is the reference harness's time limit for one program, `rules` are its others;
    `memory` is in bytes.
    `citation` and `licence` are those of the data.
    """

    name: str
    title: str
    load: Callable[[DataSource], Dataset]
    compose: Compose = compose_humaneval
    stop: tuple[str, ...] = ()
    finish: Callable[[Problem, str], str] | None = None
    cpu_seconds: float = 3.0
    memory: int = 512 << 20
    rules: Rules = field(default_factory=Rules)
    citation: str = ""
    licence: str = ""
