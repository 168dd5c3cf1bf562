"""`aibench doctor` and `aibench sandbox` against a real engine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.probes import PROBES, fails
from pytest_aibench.sandbox.program import Program

AIBENCH = [sys.executable, "-m", "pytest_aibench.cli"]


def aibench(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*AIBENCH, *arguments], input=typed, capture_output=True, text=True, timeout=300
    )


def test_a_limit_that_does_not_hold_is_a_problem(executor: DockerExecutor) -> None:
    broken = replace(PROBES[0], source="def denied_all(): return False")
    assert fails(executor, broken).startswith("the program that tries it ended as wrong answer")
    leaves = replace(PROBES[0], source="def denied_all(): return True", kinds=())
    assert "ended as passed" in fails(executor, leaves)


def test_doctor_finds_every_limit_to_hold_and_names_a_server_that_is_not_there(image: str) -> None:
    done = aibench("doctor", "--model", "openai/m", "--base-url", "http://127.0.0.1:9/v1")
    assert done.returncode == 1, done.stdout + done.stderr
    problems = [line for line in done.stdout.splitlines() if line.startswith("PROBLEM")]
    assert len(problems) == 1
    assert "127.0.0.1:9" in problems[0]
    mark = "ok       sandbox     "
    holding = {line.removeprefix(mark) for line in done.stdout.splitlines() if mark in line}
    assert holding >= {probe.claim for probe in PROBES}


def test_shell_shows_what_a_sample_sees(image: str) -> None:
    done = aibench(
        "sandbox", "shell", "Basics/1",
        typed="cat solution.py tests.py > program.py && python3 program.py && echo FI''NE\n"
        "touch /x; grep CapEff /proc/self/status\nexit 3\n",
    )  # fmt: skip
    assert done.returncode == 3, done.stdout + done.stderr
    assert "FINE" in done.stdout
    assert "Read-only file system" in done.stdout
    assert "0000000000000000" in done.stdout


def test_shell_ends_with_its_input(image: str) -> None:
    assert aibench("sandbox", "shell", "Basics/1", typed="exit 5").returncode == 5


def test_shell_of_no_problem() -> None:
    done = aibench("sandbox", "shell", "No/1", "--benchmark", "basics")
    assert done.returncode == 4
    assert "no problem 'No/1' in basics" in done.stderr


def test_build_says_which_image_is_there(image: str) -> None:
    done = aibench("sandbox", "build", "python")
    assert done.stdout.split()[-1] == image
    assert aibench("sandbox", "build", "cobol").returncode == 4


def test_no_container_of_a_shell_is_left(
    client: Any, open_executor: Callable[..., DockerExecutor]
) -> None:
    open_executor().execute(Program("python", "", ""))  # one of ours is found by the same filter
    found = client.api.containers(all=True, filters={"label": "aibench.run"})
    assert found
    assert [c for c in found if c["Labels"]["aibench.run"] == "shell"] == []
