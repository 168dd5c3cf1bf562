from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.memo import Memo
from pytest_aibench.sandbox.program import Limits, Program

PROGRAM = Program("python", "a", "b")
PASSED = Verdict(VerdictKind.PASSED)


def test_remembers_a_verdict() -> None:
    memo = Memo()
    assert memo.get(PROGRAM) is None
    memo.put(PROGRAM, PASSED)
    assert memo.get(Program("python", "a", "b")) is PASSED


@pytest.mark.parametrize(
    "other",
    [
        replace(PROGRAM, language="java"),
        replace(PROGRAM, solution="ab", tests=""),
        replace(PROGRAM, solution="", tests="ab"),
        replace(PROGRAM, limits=Limits(cpu_seconds=4)),
        replace(PROGRAM, solution="\ud800"),
    ],
)
def test_another_program_is_another_program(other: Program) -> None:
    memo = Memo()
    memo.put(PROGRAM, PASSED)
    assert memo.get(other) is None


@pytest.mark.parametrize(
    "verdict", [Verdict(VerdictKind.TIMEOUT), Verdict(VerdictKind.PASSED, stdout="x" * 5000)]
)
def test_what_is_not_remembered(verdict: Verdict) -> None:
    memo = Memo()
    memo.put(PROGRAM, verdict)
    assert memo.get(PROGRAM) is None


def test_forgets_what_was_not_used_for_longest() -> None:
    memo = Memo(capacity=2)
    first, second, third = (Program("python", name, "") for name in "abc")
    memo.put(first, PASSED)
    memo.put(second, PASSED)
    memo.get(first)
    memo.put(third, PASSED)
    assert [memo.get(p) for p in (first, second, third)] == [PASSED, None, PASSED]


def test_no_capacity_no_memory() -> None:
    memo = Memo(capacity=0)
    memo.put(PROGRAM, PASSED)
    assert memo.get(PROGRAM) is None
