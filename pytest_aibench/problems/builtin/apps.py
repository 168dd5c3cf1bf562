"""APPS: 5,000 problems of programming contests, in three levels, as the BigCode harness asks them.

The data are `test.jsonl` of codeparrot/apps: a line has the problem's number (`problem_id` or
`id`), `question`, `starter_code`, `difficulty`, `solutions` (JSON text, a list of programs) and
`input_output` (JSON text: `inputs`, `outputs`, and `fn_name` where a function is called). Tests
take up most of its gigabyte, so that a problem only tells where they are, and a program is composed
with what stands there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from pytest_aibench.errors import DataError
from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.builtin.apps_programs import compose_solution, compose_tests
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.rules import check_task_id, check_text
from pytest_aibench.problems.sources import DataSource, Given

__all__ = ["BENCHMARKS", "FILE", "LEVELS"]

FILE = Given(
    path="apps/test.jsonl",
    url="https://huggingface.co/datasets/codeparrot/apps/resolve/main/test.jsonl",
)
LEVELS = ("introductory", "interview", "competition")
_NO_TESTS = "raise AssertionError('no tests are published for this problem')\n"


def _compose(problem: Problem, text: str, whole: bool = False) -> tuple[str, str]:
    tests = _tests(problem.test)
    composed = compose_tests(problem, tests) if tests else _NO_TESTS
    return compose_solution(problem, text), f"\n{composed}"


@lru_cache(maxsize=4)  # the samples of a problem follow one another
def _tests(place: str) -> str:
    """The tests in the row at `place`: JSON of the file, where the row begins, and its length."""
    path, start, size = json.loads(place)
    with Path(path).open("rb") as file:
        file.seek(start)
        tests: str = json.loads(file.read(size))["input_output"]
    return tests


def _load(source: DataSource, level: str) -> Dataset:
    path = source.find(FILE)
    digest = hashlib.sha256()
    problems = []
    for number, start, line in _lines(path):
        digest.update(line)
        if level.encode() in line:  # of another line, not even the tests are read
            try:
                row = json.loads(line)
                if row["difficulty"] == level:
                    problems.append(_problem(row, json.dumps([str(path), start, len(line)])))
            except (KeyError, TypeError, ValueError) as error:
                raise DataError(f"{path}, line {number}: no row of APPS ({error!r})") from error
    return Dataset(tuple(problems), digest.hexdigest(), FILE.url)


def _lines(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """Number (from 1), offset and bytes of each line."""
    start = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            yield number, start, line
            start += len(line)


def _problem(row: dict[str, Any], place: str) -> Problem:
    number = row["problem_id"] if "problem_id" in row else row["id"]
    function = _function(row["input_output"])
    call = "Call-Based" if function else "Standard Input"
    question = f"{row['question']}{row['starter_code'] or ''}"
    solutions = json.loads(row["solutions"] or "[]")
    return Problem(
        id=check_task_id(f"APPS/{number}"),
        prompt=check_text(f"\nQUESTION:\n{question}\nUse {call} format\nANSWER:\n", "question"),
        entry_point=function,
        test=place,
        canonical_solution=solutions[0] if solutions else None,
        tags=(row["difficulty"],),
        task="write",
    )


def _function(tests: str) -> str:
    """The function that the tests call; empty where they run a program."""
    return str(json.loads(tests).get("fn_name") or "") if '"fn_name"' in tests else ""


def _benchmark(level: str) -> Benchmark:
    return Benchmark(
        name=f"apps-{level}",
        title=f"APPS ({level})",
        load=partial(_load, level=level),
        compose=_compose,
        stop=("\nQUESTION", "\n---", "\nANSWER"),
        # The metric ends a program a second after its limit of ten, whatever the inputs take.
        cpu_seconds=11.0,
        citation="Hendrycks et al., Measuring Coding Challenge Competence With APPS, 2021",
        licence="MIT",
    )


BENCHMARKS = tuple(map(_benchmark, LEVELS))
