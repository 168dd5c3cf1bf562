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
    assert memo.get(Program("python", "a", "b")) == PASSED


def test_what_is_remembered_has_cost_nothing() -> None:
    memo = Memo()
    memo.put(PROGRAM, replace(PASSED, cpu_seconds=1.0, wall_seconds=2.0))
    assert memo.get(PROGRAM) == PASSED


@pytest.mark.parametrize(
    "other",
    [
        replace(PROGRAM, language="java"),
        replace(PROGRAM, solution="ab", tests=""),
        replace(PROGRAM, solution="", tests="ab"),
        replace(PROGRAM, limits=Limits(cpu_seconds=4)),
        replace(PROGRAM, solution="\ud800"),
        replace(PROGRAM, context="c"),
        replace(PROGRAM, entry_point="c"),
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


def test_what_is_proven_is_remembered() -> None:
    memo = Memo(cache=(cache := Cache()))
    endless = Verdict(VerdictKind.TIMEOUT, proof="loop")
    memo.put(PROGRAM, endless)
    assert memo.get(PROGRAM) == endless
    assert list(cache.values()) == [endless]


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


class Cache(dict[bytes, Verdict]):
    """A cache for verdicts, in memory."""

    def put(self, key: bytes, verdict: Verdict) -> None:
        self[key] = verdict


def test_a_cache_serves_the_next_process() -> None:
    cache = Cache()
    Memo(cache=cache).put(PROGRAM, PASSED)
    assert Memo(cache=cache).get(PROGRAM) == PASSED


def test_another_image_is_another_program() -> None:
    cache = Cache()
    Memo(0, cache, lambda program: "sha256:1").put(PROGRAM, PASSED)
    assert Memo(0, cache, lambda program: "sha256:2").get(PROGRAM) is None
    assert Memo(0, cache, lambda program: "sha256:1").get(PROGRAM) == PASSED


@pytest.mark.parametrize("kind", ["timeout", "out_of_memory", "suspicious"])
def test_what_a_repetition_might_change_is_not_kept_across_runs(kind: str) -> None:
    cache = Cache()
    Memo(cache=cache).put(PROGRAM, Verdict(VerdictKind(kind)))
    assert cache == {}
