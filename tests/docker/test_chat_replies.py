"""Code found in real chat replies gets the verdict that their publisher gave it.

Up to two replies of each problem that passed and two that did not; all 1,640 with AIBENCH_FULL=1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytest_aibench.generation.extract import extract
from pytest_aibench.models.base import Reply, ReplyForm
from pytest_aibench.problems.problem import Problem
from pytest_aibench.records import Verdict
from pytest_aibench.sandbox.program import Limits, Program
from tests.data import data_rows, part

LIMITS = Limits(cpu_seconds=0.6)  # none of these needs between 0.6 and 3 s


def test_published_verdicts(judge: Callable[[list[Program]], list[Verdict]]) -> None:
    problems = {
        row["task_id"]: Problem(row["task_id"], row["prompt"], row["entry_point"], row["test"])
        for row in data_rows("humaneval/HumanEval.jsonl.gz")
    }
    published = data_rows("generations/humaneval_chat_gpt-3.5-turbo_10.jsonl.gz")
    rows = part(published, lambda row: (row["task_id"], row["published_passed"]), 2)
    assert {row["task_id"] for row in rows} == set(problems)
    assert sum(row["published_passed"] for row in published) == 1262
    verdicts = judge([_program(row, problems) for row in rows])
    different = [
        (row["task_id"], row["sample"], verdict)
        for row, verdict in zip(rows, verdicts, strict=True)
        if verdict.passed != row["published_passed"]
    ]
    assert different == []


def _program(row: dict[str, Any], problems: dict[str, Problem]) -> Program:
    problem = problems[row["task_id"]]
    found = extract(Reply(row["reply"], ReplyForm.CHAT), problem)
    assert found.code is not None
    tests = f"\n{problem.test}\ncheck({problem.entry_point})"
    return Program("python", found.code, tests, LIMITS)
