"""MBPP's 500 test problems, with the prompt and program of the BigCode evaluation harness.

`mbpp-sanitized` are those 257 of them that its authors verified by hand, asked and judged alike.
BigCode has no such task; its rules are kept, so that both numbers mean the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.compose import compose_asserts
from pytest_aibench.problems.files import json_rows
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.sources import DataSource, Pinned

__all__ = ["BENCHMARKS", "FILE", "SANITIZED"]

FILE = Pinned(
    path="mbpp/mbpp.jsonl",
    url="https://raw.githubusercontent.com/deepseek-ai/DeepSeek-Coder/"
    "2f9fd85927c669dae3c0fbb2d607274023af243e/Evaluation/MBPP/data/mbpp.jsonl",
    sha256="ccf64ceae9c5403bf50a044cb6d505bfd2a2963ee58338ba268fd65beab92a9f",
)
# CodeT's edition of the sanitized problems; only their ids are taken from it.
SANITIZED = Pinned(
    path="mbpp/mbpp_sanitized_function_style.jsonl",
    url="https://raw.githubusercontent.com/microsoft/CodeT/"
    "35f54d60b152cc31d134b788e702878ad613d9f7/CodeT/data/dataset/"
    "mbpp_sanitized_for_code_generation.jsonl",
    sha256="c48e256d2cdd091ed2dcad85a0b6fbc7672884032cf0cf28284d66b7b4eb1552",
)
# The paper's split: 1-10 are shots for prompts, 511-974 validation and training.
_TEST_IDS = range(11, 511)
_DEFINITION = re.compile(r"^\s*(?:def|class)\s+(\w+)", re.MULTILINE)


def _load(source: DataSource) -> Dataset:
    rows = (row for _, row in json_rows(source.read(FILE), FILE.path))
    problems = tuple(_problem(row) for row in rows if row["task_id"] in _TEST_IDS)
    return Dataset(problems, digest=FILE.sha256, source=FILE.url)


def _load_sanitized(source: DataSource) -> Dataset:
    ids = json_rows(source.read(SANITIZED), SANITIZED.path)
    chosen = {f"MBPP/{row['task_id'].removeprefix('MbppEval/')}" for _, row in ids}
    whole = _load(source)
    return Dataset(
        tuple(problem for problem in whole.problems if problem.id in chosen),
        digest=hashlib.sha256(f"{FILE.sha256} {SANITIZED.sha256}".encode()).hexdigest(),
        source=f"{FILE.url}, ids of {SANITIZED.url}",
    )


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


def _benchmark(name: str, title: str, load: Callable[[DataSource], Dataset]) -> Benchmark:
    return Benchmark(
        name=name,
        title=title,
        load=load,
        compose=compose_asserts,
        stop=("\nclass", "\nassert", '\n"""', "\nprint", "\nif", "\n<|/", "\n```"),
        citation="Austin et al., Program Synthesis with Large Language Models, 2021",
        licence="CC-BY-4.0",
    )


BENCHMARKS = (
    _benchmark("mbpp", "MBPP", _load),
    _benchmark("mbpp-sanitized", "MBPP (sanitized)", _load_sanitized),
)
