from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.answer import Answer
from pytest_aibench.sandbox.confirm import Measure, confirm
from pytest_aibench.sandbox.program import Limits, Program

TESTS = "assert f() is None"
PROGRAM = Program("python", "import os\ndef f(): pass", TESTS, Limits(3.0, 30.0))
FIRST = Verdict(VerdictKind.PASSED, cpu_seconds=0.1, wall_seconds=0.2, proof="token")
APART = Verdict(VerdictKind.PASSED, cpu_seconds=0.5, proof="token")
WRONG = Verdict(VerdictKind.WRONG_ANSWER, "AssertionError")


def answer(report: bytes = b"") -> Answer:
    numbers = (
        "compiling",
        "compile_cpu_seconds",
        "taken",
        "cpu_seconds",
        "wall_seconds",
        "processes",
        "oom_kills",
        "forks_denied",
        "written",
    )
    facts = {"ended": "exit", "status": 0, "dirty": [], **dict.fromkeys(numbers, 0)}
    return Answer.from_message(facts, (b"", b"", report))


class Runs:
    """Gives one verdict after the other, and remembers what was run."""

    def __init__(self, *verdicts: Verdict, report: bytes = b"") -> None:
        self._verdicts: Iterator[Verdict] = iter(verdicts)
        self._report = report
        self.seen: list[tuple[Program, bool]] = []

    def measure(self, program: Program, alone: bool) -> tuple[Answer | None, Verdict]:
        self.seen.append((program, alone))
        return answer(self._report), next(self._verdicts)


def test_a_plain_text_is_proof() -> None:
    plain = replace(PROGRAM, solution="def f(): pass")
    assert confirm(plain, FIRST, Runs().measure) == replace(FIRST, proof="plain")


def test_agreement_is_proof() -> None:
    runs = Runs(APART)
    confirmed = confirm(PROGRAM, FIRST, runs.measure)
    assert (confirmed.kind, confirmed.proof, confirmed.cpu_seconds) == ("passed", "split", 0.1)
    assert [(p.language, alone) for p, alone in runs.seen] == [("python-split", False)]


def test_one_disagreement_is_not_believed() -> None:
    runs = Runs(WRONG, APART)
    assert confirm(PROGRAM, FIRST, runs.measure).proof == "split"
    (_, alone), (program, second_alone) = runs.seen[0], runs.seen[1]
    assert (alone, second_alone) == (False, True)
    assert program.limits.cpu_seconds > PROGRAM.limits.cpu_seconds


def test_two_are_suspicious_and_say_what_happened() -> None:
    verdict = confirm(PROGRAM, FIRST, Runs(WRONG, WRONG).measure)
    assert (verdict.kind, verdict.proof, verdict.passed) == ("suspicious", "", False)
    assert verdict.detail.endswith("apart from them: wrong answer AssertionError")


def test_two_processes_get_more_memory_where_one_lacked_it() -> None:
    runs = Runs(Verdict(VerdictKind.OUT_OF_MEMORY), APART)
    assert confirm(PROGRAM, FIRST, runs.measure).passed
    assert runs.seen[1][0].limits.memory == 2 * PROGRAM.limits.memory


def test_what_cannot_be_taken_apart_keeps_its_first_proof() -> None:
    runs = Runs(WRONG, report=b'{"impossible": "a lambda"}')
    assert confirm(PROGRAM, FIRST, runs.measure) is FIRST
    assert len(runs.seen) == 1


@pytest.mark.parametrize("report", [b"[1]", b"{", b"\xff", b"[" * 100_000])
def test_a_strange_report_excuses_nothing(report: bytes) -> None:
    assert confirm(PROGRAM, FIRST, Runs(WRONG, WRONG, report=report).measure).kind == "suspicious"


@pytest.mark.parametrize(
    "program",
    [
        Program("java", "", ""),
        Program("python", "def f(x): return x", "import io\nassert f(io.StringIO())"),
        Program("python", "", "assert True"),
        Program("python", "", "assert ("),
    ],
)
def test_is_not_tried_where_it_cannot_be(program: Program) -> None:
    measure: Measure = Runs().measure
    assert confirm(program, FIRST, measure) is FIRST
