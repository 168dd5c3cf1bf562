"""Containers of compiled languages end with whoever started them, whatever they are doing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from tests.docker.test_lifecycle import ROOT, containers
from tests.docker.waiting import wait_until

OWNER = """
import sys
from pytest_aibench.problems.judging import Rules
from pytest_aibench.sandbox import Limits, Program, open_executor

run, language, good, solution, tests = sys.argv[1:]
executor = open_executor(run_id=run)
assert executor.execute(Program(language, good, tests)).passed
print("ready", flush=True)
limits, rules = Limits(cpu_seconds=600, wall_seconds=600), Rules(compile_seconds=600)
executor.execute(Program(language, solution, tests, limits, rules))
"""
CPP_BOMB = """
constexpr long f(long n) { long s = 0; for (long i = 0; i < n; i++) s += i; return s; }
constexpr long x = f(1L << 40);
"""
JAVA_TESTS = """
public class Main { public static void main(String[] a) { new Solution().run(); } }
"""
JAVA_BOMB = "java.util.Optional.of(" * 60 + "1" + ")" * 60
ROWS = [
    ("javascript", "", "while (true);", ""),
    (
        "cpp",
        "",
        "static int f() { for (volatile int i = 0;; i++) {} }\nint x = f();",
        "int main() {}",
    ),
    ("cpp", "", CPP_BOMB, "int main() {}"),
    (
        "java",
        "class Solution { void run() {} }",
        "class Solution { void run() { while (true); } }",
        JAVA_TESTS,
    ),
    (
        "java",
        "class Solution { void run() {} }",
        f"class Solution {{ void run() {{ Object o = {JAVA_BOMB}; }} }}",
        JAVA_TESTS,
    ),
]
NAMES = ["javascript-runs", "cpp-runs", "cpp-compiles", "java-runs", "java-compiles"]


@pytest.mark.parametrize(("language", "good", "solution", "tests"), ROWS, ids=NAMES)
def test_killed_owner_leaves_no_container(
    client: Any, image: str, run: str, language: str, good: str, solution: str, tests: str
) -> None:
    arguments = [sys.executable, "-c", OWNER, run, language, good, solution, tests]
    owner = subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=ROOT)
    with owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"ready\n"
        time.sleep(0.3)
        assert len(containers(client, run)) >= (2 if language == "java" else 1)
        assert owner.poll() is None
        os.kill(owner.pid, signal.SIGKILL)
        assert wait_until(lambda: not containers(client, run))
