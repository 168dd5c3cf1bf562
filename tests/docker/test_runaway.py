"""Limits act where PID 1 cannot get on, and PID 1 gets on where memory is used up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pytest_aibench.sandbox.engine import engine_errors
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.owner import LABEL
from pytest_aibench.sandbox.program import Limits, Program

Open = Callable[..., DockerExecutor]


def containers(client: Any, run: str) -> set[str]:
    found = client.api.containers(filters={"label": f"{LABEL}.run={run}"})
    return {item["Id"] for item in found}


def processes(client: Any, container: str) -> int:
    try:
        return len(client.api.top(container)["Processes"])
    except engine_errors():  # it has gone
        return 0


@contextmanager
def pid_1_stopped(client: Any, run: str) -> Iterator[None]:
    """PID 1 of each container of the run gets no further than to the start of a program."""
    over = threading.Event()

    def stop() -> None:
        stopped: set[str] = set()
        while not over.wait(0.05):
            for container in containers(client, run) - stopped:
                if processes(client, container) > 1:
                    client.api.kill(container, "SIGSTOP")
                    stopped.add(container)

    thread = threading.Thread(target=stop)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_engine_ends_what_pid_1_does_not(client: Any, open_executor: Open, run: str) -> None:
    executor = open_executor(run_id=run)
    limits = Limits(cpu_seconds=0.2, wall_seconds=1.0)
    # In C, where no proof of endlessness ends it first.
    endless = Program("python", "import itertools\nsum(itertools.repeat(1))", "", limits)
    with pid_1_stopped(client, run):
        verdict = executor.execute(endless)
    assert verdict.kind.value == "timeout"
    assert verdict.detail == "cpu time limit 0.2 s; ended from outside"
    assert executor.execute(Program("python", "x = 1", "assert x", limits)).passed


SHOW = """
import os, resource
def locked(process):
    with open(f"/proc/{process}/status") as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith("VmLck"))
interpreter = os.path.getsize(os.path.realpath("/usr/bin/python3"))
print(resource.getrlimit(resource.RLIMIT_MEMLOCK)[0], interpreter, locked(1), locked("self"))
"""


@pytest.mark.parametrize("isolation", ["warm", "uid"])
def test_code_of_pid_1_stays_in_memory(open_executor: Open, isolation: str) -> None:
    verdict = open_executor(isolation=isolation).execute(Program("python", SHOW, ""))
    allowed, interpreter, of_pid_1, of_the_program = map(int, verdict.stdout.split())
    if 0 <= allowed < interpreter:
        pytest.skip("the engine allows no process to lock so much memory")
    assert of_pid_1 > interpreter // 2
    assert of_the_program == 0
