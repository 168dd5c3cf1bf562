"""MBPP's 500 test problems, with the prompt and program of the BigCode evaluation harness."""

from __future__ import annotations

import re
from typing import Any

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.compose import compose_asserts
from pytest_aibench.problems.files import json_rows
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.sources import DataSource, Pinned

__all__ = ["BENCHMARK", "FILE"]

FILE = Pinned(
    path="mbpp/mbpp.jsonl",
    url="https://raw.githubusercontent.com/deepseek-ai/DeepSeek-Coder/"
    "2f9fd85927c669dae3c0fbb2d607274023af243e/Evaluation/MBPP/data/mbpp.jsonl",
    sha256="ccf64ceae9c5403bf50a044cb6d505bfd2a2963ee58338ba268fd65beab92a9f",
)
# The paper's split: 1-10 are shots for prompts, 511-974 validation and training.
_TEST_IDS = range(11, 511)
_DEFINITION = re.compile(r"^\s*(?:def|class)\s+(\w+)", re.MULTILINE)


def _load(source: DataSource) -> Dataset:
    rows = (row for _, row in json_rows(source.read(FILE), FILE.path))
    problems = tuple(_problem(row) for row in rows if row["task_id"] in _TEST_IDS)
    return Dataset(problems, digest=FILE.sha256, source=FILE.url)


def _problem(row: dict[str, Any]) -> Problem:
    tests: list[str] = row["test_list"]
    return Problem(
        id=f"MBPP/{row['task_id']}",
        prompt=f'"""\n{row["text"]}\n{tests[0]}\n"""\n',
        entry_point=_entry_point(row["code"], tests[0]),
        # BigCode leaves `test_setup_code` out, so that the reference code of task 367 fails.
        test="\n".join(tests),
        canonical_solution=row["code"],
    )


def _entry_point(code: str, test: str) -> str:
    """The one of the names defined in `code` that `test` calls."""
    names: list[str] = _DEFINITION.findall(code)
    return next(name for name in names if re.search(rf"\b{name}\s*\(", test))


BENCHMARK = Benchmark(
    name="mbpp",
    title="MBPP",
    load=_load,
    compose=compose_asserts,
    stop=("\nclass", "\nassert", '\n"""', "\nprint", "\nif", "\n<|/", "\n```"),
    citation="Austin et al., Program Synthesis with Large Language Models, 2021",
    licence="CC-BY-4.0",
)
