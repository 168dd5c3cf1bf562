"""Code found in real chat replies gets the verdict that their publisher gave it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pytest_aibench.generation.extract import extract
from pytest_aibench.models.base import Reply, ReplyForm
from pytest_aibench.problems.problem import Problem
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program
from tests.data import data_rows

LIMITS = Limits(cpu_seconds=0.6)  # none of these needs between 0.6 and 3 s
_WORKERS = 2


def test_every_published_verdict(open_executor: Callable[..., DockerExecutor]) -> None:
    problems = {
        row["task_id"]: Problem(row["task_id"], row["prompt"], row["entry_point"], row["test"])
        for row in data_rows("humaneval/HumanEval.jsonl.gz")
    }
    rows = data_rows("generations/humaneval_chat_gpt-3.5-turbo_10.jsonl.gz")

    def judge(share: list[dict[str, Any]]) -> list[tuple[str, int]]:
        executor = open_executor(remember=True)
        return [
            (row["task_id"], row["sample"])
            for row in share
            if executor.execute(_program(row, problems)).passed != row["published_passed"]
        ]

    with ThreadPoolExecutor(_WORKERS) as threads:
        different = [*threads.map(judge, [rows[i::_WORKERS] for i in range(_WORKERS)])]
    assert different == [[], []]
    assert sum(row["published_passed"] for row in rows) == 1262


def _program(row: dict[str, Any], problems: dict[str, Problem]) -> Program:
    problem = problems[row["task_id"]]
    found = extract(Reply(row["reply"], ReplyForm.CHAT), problem)
    assert found.code is not None
    tests = f"\n{problem.test}\ncheck({problem.entry_point})"
    return Program("python", found.code, tests, LIMITS)
