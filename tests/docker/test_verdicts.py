"""Which verdict a program gets, and what is reported beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_aibench.errors import SandboxError, UsageError
from pytest_aibench.records import VerdictKind
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program

TESTS = "assert add(1, 2) == 3, 'sum'\n"
GOOD = "def add(a, b):\n    return a + b\n"


@pytest.mark.parametrize(
    ("solution", "kind", "detail"),
    [
        (GOOD, "passed", ""),
        ("def add(a, b): return a - b", "wrong_answer", "AssertionError: sum"),
        ("def add(a, b): raise KeyError('k')", "runtime_error", "KeyError: 'k'"),
        ("1 / 0", "runtime_error", "ZeroDivisionError: division by zero"),
        ("import absent", "runtime_error", "ModuleNotFoundError: No module named 'absent'"),
        ("def sub(a, b): pass", "runtime_error", "NameError: name 'add' is not defined"),
        ("def add(a", "compile_error", "SyntaxError: '(' was never closed (<solution>, line 1)"),
        ("x = '\0'", "compile_error", "ValueError: source code string cannot contain null bytes"),
        ("x = '\ud800'", "compile_error", "UnicodeEncodeError: "),
        ("(" * 500 + ")" * 500, "compile_error", "SyntaxError: too many nested parentheses"),
        ("raise KeyboardInterrupt", "runtime_error", "KeyboardInterrupt"),
        ("raise SystemExit(0)", "exited_early", "SystemExit: 0"),
        ("import os; os._exit(7)", "exited_early", "exit status 7 before the tests had ended"),
        ("import os; os.abort()", "crashed", "killed by SIGABRT"),
        ("import os; os.kill(os.getpid(), 40)", "crashed", "killed by signal 40"),
        ("raise MemoryError", "out_of_memory", "MemoryError"),
        ("x = bytearray(1 << 40)", "out_of_memory", "MemoryError"),
        ("input()", "runtime_error", "EOFError: EOF when reading a line"),
        (
            "raise ValueError('a\\nb\\x1b[31m\\u202ec\\ud800')",
            "runtime_error",
            "ValueError: a b [31m c",
        ),
    ],
)
def test_verdict(executor: DockerExecutor, solution: str, kind: str, detail: str) -> None:
    verdict = executor.execute(Program("python", solution, TESTS))
    assert (verdict.kind.value, verdict.passed) == (kind, kind == "passed")
    assert verdict.detail.startswith(detail)
    assert len(verdict.detail) <= 300
    assert verdict.detail.isprintable()
    assert verdict.proof == ("plain" if kind == "passed" else "")


@pytest.mark.parametrize(
    ("solution", "limits", "kind", "detail"),
    [
        ("while True: pass", Limits(cpu_seconds=0.2), "timeout", "cpu time limit 0.2 s"),
        (
            "import time; time.sleep(60)",
            Limits(wall_seconds=0.3),
            "timeout",
            "wall time limit 0.3 s",
        ),
        (
            "while True: print('x' * 9999)",
            Limits(output_killed=1 << 20),
            "output_limit",
            "more than 1024 KiB of output",
        ),
    ],
)
def test_limit(
    executor: DockerExecutor, solution: str, limits: Limits, kind: str, detail: str
) -> None:
    verdict = executor.execute(Program("python", solution, TESTS, limits))
    assert (verdict.kind.value, verdict.detail) == (kind, detail)


def test_a_long_message_is_cut(executor: DockerExecutor) -> None:
    verdict = executor.execute(Program("python", "raise ValueError('x' * 10**6)", TESTS))
    assert len(verdict.detail) == 300
    assert verdict.detail.endswith("…")


def test_globals_are_those_of_a_bare_exec(executor: DockerExecutor) -> None:
    solution = f"names = sorted(globals())\nmain = __name__ == '__main__'\n{GOOD}"
    tests = "assert names == ['__builtins__'] and __name__ == 'builtins' and not main\n"
    assert executor.execute(Program("python", solution, tests)).passed


def test_tests_share_the_namespace_of_the_solution(
    open_executor: Callable[..., DockerExecutor],
) -> None:
    executor = open_executor(confirm_passes=False)
    tests = "value = add(1, 2)\nassert probe() == 3\n"
    program = Program("python", GOOD + "def probe(): return value\n", tests)
    assert executor.execute(program).passed


def test_future_statements_of_the_harness_do_not_leak(executor: DockerExecutor) -> None:
    solution = "def add(a: undefined, b): return a + b\n"  # an error unless annotations are lazy
    verdict = executor.execute(Program("python", solution, TESTS))
    assert verdict.kind is VerdictKind.RUNTIME_ERROR


def test_interpreter_is_an_ordinary_one(executor: DockerExecutor) -> None:
    solution = """
import gc, inspect, sys
def add(a, b):
    return a + b
assert gc.isenabled() and sys.getrecursionlimit() == 1000 and sys.version_info[:2] == (3, 11)
assert "return a + b" in inspect.getsource(add)
import numpy
assert numpy.arange(3).sum() == 3
"""
    verdict = executor.execute(Program("python", solution, TESTS))
    assert verdict.passed, verdict


def test_output_is_kept_to_its_limit(executor: DockerExecutor) -> None:
    solution = GOOD + "import sys; print('ä' * 3000); print('err', file=sys.stderr)\n"
    verdict = executor.execute(Program("python", solution, TESTS, Limits(output_kept=1000)))
    assert verdict.passed
    assert verdict.stdout == "ä" * 500
    assert verdict.stderr == "err\n"


def test_times_are_those_of_the_program(executor: DockerExecutor) -> None:
    solution = GOOD + (
        "import time\n"
        "end = time.process_time() + 0.2\n"
        "while time.process_time() < end: pass\n"
        "time.sleep(0.3)\n"
    )
    verdict = executor.execute(Program("python", solution, TESTS))
    assert verdict.passed
    assert 0.2 <= verdict.cpu_seconds < 0.3
    assert verdict.wall_seconds >= 0.5


def test_cpu_time_of_children_counts(executor: DockerExecutor) -> None:
    solution = GOOD + (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    end = time.process_time() + 0.2\n"
        "    while time.process_time() < end: pass\n"
        "    os._exit(0)\n"
        "os.wait()\n"
    )
    assert executor.execute(Program("python", solution, TESTS)).cpu_seconds >= 0.2


def test_hash_order_is_the_same_in_every_container(
    open_executor: Callable[..., DockerExecutor], executor: DockerExecutor
) -> None:
    program = Program("python", "print(list({'a', 'b', 'c', 'd', 'e'}))\n" + GOOD, TESTS)
    other = open_executor()
    assert other.execute(program).stdout == executor.execute(program).stdout != ""


def test_unknown_language_is_refused(executor: DockerExecutor) -> None:
    with pytest.raises(SandboxError, match="does not execute 'cobol'"):
        executor.execute(Program("cobol", "", ""))


def test_unknown_isolation_is_refused() -> None:
    with pytest.raises(UsageError, match="warm, uid, container"):
        DockerExecutor(run_id="tests", isolation="none")


def test_huge_program_is_refused(executor: DockerExecutor) -> None:
    with pytest.raises(SandboxError, match="larger than 64 MiB"):
        executor.execute(Program("python", "#" * (65 << 20), TESTS))


def test_large_program_is_executed(executor: DockerExecutor) -> None:
    assert executor.execute(Program("python", GOOD + "#" * (6 << 20), TESTS)).passed
