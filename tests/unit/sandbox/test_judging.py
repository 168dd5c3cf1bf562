from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.problems.judging import Rules
from pytest_aibench.records import VerdictKind
from pytest_aibench.sandbox.answer import Answer, HarnessFailed
from pytest_aibench.sandbox.judging import in_doubt, judge, lost_verdict, one_line
from pytest_aibench.sandbox.languages import LANGUAGES
from pytest_aibench.sandbox.program import Limits, Program

SECRET = bytes(range(16))
LIMITS = Limits(cpu_seconds=1.0, wall_seconds=10.0)
PROGRAM = Program("python", "", "", LIMITS, Rules(compile_seconds=5.0))
PYTHON = LANGUAGES["python"]
CLEAN = Answer(
    ended="exit",
    compiling=False,
    compile_cpu_seconds=0.0,
    taken=3,
    status=0,
    cpu_seconds=0.1,
    wall_seconds=0.2,
    processes=1,
    oom_kills=0,
    forks_denied=0,
    written=0,
    dirty=(),
    stdout=b"",
    stderr=b"",
    report=b"",
)
PROOF = json.dumps({"proof": SECRET.hex()}).encode()


def kind(**changes: object) -> str:
    return judge(replace(CLEAN, **changes), PYTHON, PROGRAM, SECRET).kind.value  # type: ignore[arg-type]


def test_only_the_secret_passes() -> None:
    verdict = judge(replace(CLEAN, report=PROOF), PYTHON, PROGRAM, SECRET)
    assert (verdict.kind, verdict.proof, verdict.detail) == (VerdictKind.PASSED, "token", "")


@pytest.mark.parametrize(
    ("status", "expected", "detail"),
    [(3, "runtime_error", "exit status 3 after the tests"), (-11, "crashed", "killed by SIGSEGV")],
)
def test_a_pass_ends_well(status: int, expected: str, detail: str) -> None:
    verdict = judge(replace(CLEAN, report=PROOF, status=status), PYTHON, PROGRAM, SECRET)
    assert (verdict.kind.value, verdict.detail) == (expected, detail)


@pytest.mark.parametrize("language", ["python", "javascript", "java", "cpp"])
def test_a_harness_that_failed_is_no_verdict(language: str) -> None:
    started = LANGUAGES[language].started
    early = replace(CLEAN, taken=started - 1, status=127, stderr=b"x\nno such file\n")
    with pytest.raises(HarnessFailed, match=r"status 127: no such file.*aibench-sandbox-"):
        judge(early, LANGUAGES[language], PROGRAM, SECRET)
    running = replace(early, taken=started)
    assert judge(running, LANGUAGES[language], PROGRAM, SECRET).kind.value == "exited_early"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"ended": "cpu"}, "timeout"),
        ({"oom_kills": 1}, "out_of_memory"),
        ({"report": b'{"phase": "compile", "message": "m"}'}, "compile_error"),
    ],
)
def test_what_ends_a_program_before_it_starts_is_a_verdict(
    change: dict[str, object], expected: str
) -> None:
    early = replace(CLEAN, taken=1, **change)  # type: ignore[arg-type]
    assert judge(early, LANGUAGES["cpp"], PROGRAM, SECRET).kind.value == expected


@given(st.binary(max_size=200))
def test_no_other_report_passes(report: bytes) -> None:
    assert kind(report=report) == "exited_early"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=40),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["proof", "phase", "type", "family"]), inner)
        ),
        max_leaves=8,
    )
)
def test_no_other_json_passes(value: object) -> None:
    assert kind(report=json.dumps(value).encode()) != "passed"


def test_deeply_nested_report_is_no_report() -> None:
    assert kind(report=b"[" * 500_000) == "exited_early"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ended": "cpu"}, "timeout"),
        ({"ended": "wall"}, "timeout"),
        ({"ended": "output"}, "output_limit"),
        ({"oom_kills": 1}, "out_of_memory"),
        ({"cpu_seconds": 1.01}, "timeout"),
        ({"compile_cpu_seconds": 5.1}, "timeout"),
    ],
)
def test_a_limit_weighs_more_than_a_proof(changes: dict[str, object], expected: str) -> None:
    assert kind(report=PROOF, **changes) == expected


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"ended": "cpu", "cpu_seconds": 1.5}, "cpu time limit 1 s"),
        ({"ended": "wall"}, "wall time limit 10 s"),
        ({"ended": "cpu", "compiling": True}, "compiling: cpu time limit 5 s"),
        ({"ended": "wall", "compiling": True}, "compiling: wall time limit 10 s"),
        ({"compile_cpu_seconds": 5.1}, "compiling: cpu time limit 5 s"),
    ],
)
def test_a_time_out_names_stage_and_limit(changes: dict[str, object], detail: str) -> None:
    verdict = judge(replace(CLEAN, **changes), PYTHON, PROGRAM, SECRET)  # type: ignore[arg-type]
    assert (verdict.kind.value, verdict.detail) == ("timeout", detail)


@pytest.mark.parametrize(
    ("written", "stdout", "stderr", "expected", "detail"),
    [
        (0, b"", b"", "passed", ""),
        (2, b"a\n", b"", "wrong_answer", "a pass must be silent, but this was printed: a"),
        (5, b"a\n", b"b\nc", "wrong_answer", "a pass must be silent, but this was printed: b"),
        (1, b"\n", b"", "wrong_answer", "a pass must be silent, but this was printed:"),
    ],
)
def test_output_where_a_pass_is_silent(
    written: int, stdout: bytes, stderr: bytes, expected: str, detail: str
) -> None:
    answer = replace(CLEAN, report=PROOF, written=written, stdout=stdout, stderr=stderr)
    silent = replace(PROGRAM, rules=Rules(silent_pass=True))
    verdict = judge(answer, PYTHON, silent, SECRET)
    assert (verdict.kind.value, verdict.detail) == (expected, detail)
    assert judge(answer, PYTHON, PROGRAM, SECRET).passed


def test_last_words_of_a_heap_that_is_full() -> None:
    answer = replace(CLEAN, status=-6, stderr=b"FATAL ERROR: JavaScript heap out of memory\n")
    verdict = judge(answer, LANGUAGES["javascript"], PROGRAM, SECRET)
    assert verdict.kind is VerdictKind.OUT_OF_MEMORY
    assert judge(answer, PYTHON, PROGRAM, SECRET).kind is VerdictKind.CRASHED


@pytest.mark.parametrize(
    ("status", "expected", "detail"),
    [
        (0, "exited_early", "exit status 0 before the tests had ended"),
        (-11, "crashed", "killed by SIGSEGV"),
        (-64, "crashed", "killed by SIGRTMAX"),
        (-120, "crashed", "killed by signal 120"),
    ],
)
def test_silent_ends(status: int, expected: str, detail: str) -> None:
    verdict = judge(replace(CLEAN, status=status), PYTHON, PROGRAM, SECRET)
    assert (verdict.kind.value, verdict.detail) == (expected, detail)


@pytest.mark.parametrize(
    ("phase", "family", "error", "expected"),
    [
        ("compile", "memory", "MemoryError", "compile_error"),
        ("load", "assertion", "AssertionError", "wrong_answer"),
        ("test", "other", "E: m", "runtime_error"),
        ("test", "exit", "SystemExit: 0", "exited_early"),
        ("test", "memory", "MemoryError", "out_of_memory"),
    ],
)
def test_python_failures(phase: str, family: str, error: str, expected: str) -> None:
    name, _, message = error.partition(": ")
    report = {"phase": phase, "family": family, "type": name, "message": message}
    verdict = judge(replace(CLEAN, report=json.dumps(report).encode()), PYTHON, PROGRAM, SECRET)
    assert (verdict.kind.value, verdict.detail) == (expected, error)


def test_a_proof_that_a_program_never_ends() -> None:
    answer = replace(CLEAN, report=b'{"phase": "endless", "line": "7"}')
    verdict = judge(answer, PYTHON, PROGRAM, SECRET)
    assert (verdict.kind, verdict.proof) == (VerdictKind.TIMEOUT, "loop")
    assert verdict.detail == "never ends: line 7 repeats the same state"
    assert not in_doubt(answer, PROGRAM)
    late = replace(answer, cpu_seconds=1.01)
    assert judge(late, PYTHON, PROGRAM, SECRET).proof == ""


@given(st.text(max_size=2000))
def test_one_line_is_short_printable_and_encodable(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 300
    assert "\n" not in line
    assert "\x1b" not in line
    assert line.encode("utf-8").decode("utf-8") == line


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"ended": "cpu", "cpu_seconds": 1.5}, False),  # more than neighbours can cost
        ({"cpu_seconds": 1.2}, True),
        ({"compiling": True, "cpu_seconds": 1.2}, False),
        ({"compiling": True, "cpu_seconds": 5.2}, True),
        ({"compile_cpu_seconds": 5.2}, True),
        ({"status": -11, "cpu_seconds": 0.3}, True),  # the prover may have watched
        ({"status": -11, "cpu_seconds": 0.05}, False),
        ({"status": 127, "cpu_seconds": 0.3}, False),
        ({"ended": "wall", "wall_seconds": 10.0, "cpu_seconds": 0.01}, False),  # slept
        ({"ended": "wall", "wall_seconds": 10.0, "cpu_seconds": 0.9}, True),
    ],
)
def test_which_ends_are_in_doubt(changes: dict[str, object], expected: bool) -> None:
    assert in_doubt(replace(CLEAN, **changes), PROGRAM) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("python", True), ("python-data", True), ("python-split", False), ("javascript", False)],
)
def test_crashes_are_in_doubt_where_the_prover_watches(language: str, expected: bool) -> None:
    crash = replace(CLEAN, status=-11, cpu_seconds=0.3)
    assert in_doubt(crash, replace(PROGRAM, language=language)) is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"ended": "cpu", "processes": 1}, True),
        ({"ended": "cpu", "processes": 2}, False),
        ({"processes": 5}, True),
        ({"oom_kills": 1}, False),
        ({"forks_denied": 1}, False),
        ({"ended": "output"}, False),
        ({"dirty": ("scratch: space is still in use",)}, False),
    ],
)
def test_which_containers_are_used_again(changes: dict[str, object], expected: bool) -> None:
    assert replace(CLEAN, **changes).reusable is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("limit", "expected", "detail"),
    [
        ("cpu", "timeout", "cpu time limit 3 s; ended from outside"),
        ("memory", "out_of_memory", "memory limit 512 MiB"),
    ],
)
def test_a_limit_that_took_the_container_along(limit: str, expected: str, detail: str) -> None:
    verdict = lost_verdict(limit, Limits())
    assert (verdict.kind.value, verdict.detail) == (expected, detail)


def test_answer_from_the_wire() -> None:
    header = {name: getattr(CLEAN, name) for name in CLEAN.__slots__[:11]}
    answer = Answer.from_message({**header, "dirty": ["x"], "sizes": [1, 1, 1]}, (b"o", b"e", b"r"))
    assert (answer.dirty, answer.stdout, answer.stderr, answer.report) == (("x",), b"o", b"e", b"r")
