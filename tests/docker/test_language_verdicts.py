"""Published solutions in JavaScript, C++ and Java get the verdicts of the reference harness.

A sample of the problems by default, all of them with `AIBENCH_FULL=1`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.builtin import humaneval_x, humanevalpack
from pytest_aibench.problems.judging import Rules
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program
from tests.data import FULL

LANGUAGES = {"js": "javascript", "cpp": "cpp", "java": "java"}
# No solution of these files needs between 1 and 10 s: those that time out never end.
LIMITS = Limits(cpu_seconds=1.0)
# Their own tests do not hold for them, as the publisher's harness finds too.
WRONG = {"JavaScript/112", "JavaScript/155"}
# What the toolchains of an ordinary image lack: Boost, OpenSSL, js-md5; and the two that fail.
ALWAYS = {"CPP/22", "CPP/137", "CPP/162", "JavaScript/162"} | WRONG


def rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def chosen(all_rows: list[dict[str, Any]], step: int) -> list[dict[str, Any]]:
    return [r for i, r in enumerate(all_rows) if FULL or i % step == 0 or r["task_id"] in ALWAYS]


def benchmark(short: str) -> Benchmark:
    return next(b for b in humaneval_x.BENCHMARKS if b.name == f"humaneval-x-{short}")


def program(short: str, row: dict[str, Any], solution: str, rules: Rules) -> Program:
    return Program(LANGUAGES[short], row["prompt"] + solution, row["test"], LIMITS, rules)


@pytest.mark.parametrize("short", LANGUAGES)
def test_canonical_solutions(short: str, executor: DockerExecutor, data_dir: Path) -> None:
    rules = benchmark(short).rules
    verdicts = {}
    for row in chosen(rows(data_dir / f"humaneval-x/humaneval_{short}.jsonl.gz"), 16):
        solution = row["canonical_solution"]
        verdicts[row["task_id"]] = executor.execute(program(short, row, solution, rules))
    failed = {name: verdict for name, verdict in verdicts.items() if not verdict.passed}
    assert set(failed) == WRONG & set(verdicts), failed
    assert {verdict.kind.value for verdict in failed.values()} <= {"wrong_answer"}
    assert len(verdicts) == (164 if FULL else len(verdicts)) >= 11


@pytest.mark.parametrize("short", LANGUAGES)
def test_buggy_and_canonical_solutions(
    short: str, executor: DockerExecutor, data_dir: Path
) -> None:
    reference = {
        (row["task_id"], row["kind"]): row
        for row in rows(data_dir / f"humanevalpack/verdicts_{short}_even.jsonl.gz")
    }
    rules = humanevalpack.RULES[short]
    different = []
    for row in chosen(rows(data_dir / f"humanevalpack/humanevalpack_{short}_even.jsonl.gz"), 8):
        for kind in ("buggy", "canonical"):
            solution = row[f"{kind}_solution"]
            verdict = executor.execute(program(short, row, solution, rules))
            expected = reference[row["task_id"], kind]
            if verdict.passed != expected["passed"]:
                different.append((row["task_id"], kind, expected["result"], verdict))
    assert different == []


@pytest.mark.parametrize("short", LANGUAGES)
@pytest.mark.parametrize("isolation", ["uid", "container"])
def test_every_isolation_runs_every_language(
    short: str,
    isolation: str,
    open_executor: Callable[..., DockerExecutor],
    data_dir: Path,
) -> None:
    executor = open_executor(isolation=isolation)
    row = rows(data_dir / f"humaneval-x/humaneval_{short}.jsonl.gz")[0]
    rules = benchmark(short).rules
    assert executor.execute(program(short, row, row["canonical_solution"], rules)).passed
    assert not executor.execute(program(short, row, "", rules)).passed
    assert executor.warnings == []
