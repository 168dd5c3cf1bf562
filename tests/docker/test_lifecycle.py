"""Containers end with whoever started them, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.owner import LABEL, owner_labels, sweep_orphans
from pytest_aibench.sandbox.program import Limits, Program
from tests.docker.waiting import wait_until

GOOD = Program("python", "x = 1", "assert x")
ROOT = Path(__file__).resolve().parents[2]

OWNER = """
import sys
from pytest_aibench.sandbox import Limits, Program, open_executor

run, solution = sys.argv[1:]
executor = open_executor(run_id=run)
executor.execute(Program("python", "x = 1", "assert x"))
print("ready", flush=True)
if solution:
    executor.execute(Program("python", solution, "", Limits(cpu_seconds=600, wall_seconds=600)))
else:
    sys.stdin.read()
"""
FORK_BOMB = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""


def containers(client: Any, run: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.api.containers(
        all=True, filters={"label": f"{LABEL}.run={run}"}
    )
    return found


@pytest.mark.parametrize(
    "solution",
    ["", "import time\nwhile True: time.time()", "import time; time.sleep(600)", FORK_BOMB],
    ids=["idle", "endless", "asleep", "fork_bomb"],
)
def test_killed_owner_leaves_no_container(client: Any, image: str, run: str, solution: str) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, run, solution],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    with owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"ready\n"
        time.sleep(0.2 if solution else 0.0)
        assert len(containers(client, run)) == 1
        os.kill(owner.pid, signal.SIGKILL)
        assert wait_until(lambda: not containers(client, run))


def test_closed_executor_leaves_no_container(client: Any, image: str, run: str) -> None:
    executor = DockerExecutor(run_id=run)
    assert executor.execute(GOOD).passed
    assert [item["ImageID"] for item in containers(client, run)] == [image]
    executor.close()
    assert wait_until(lambda: not containers(client, run))


def test_executor_that_ran_nothing_starts_nothing(client: Any, image: str, run: str) -> None:
    executor = DockerExecutor(run_id=run)
    executor.close()
    assert containers(client, run) == []


def test_sweep_takes_only_what_the_dead_left(client: Any, image: str, run: str) -> None:
    mine = owner_labels(run, "w")
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], stdout=-1)
    orphan = {**mine, f"{LABEL}.pid": dead.stdout.decode().strip()}
    recycled = {**mine, f"{LABEL}.started": "1"}  # another process has the number now
    elsewhere = {**orphan, f"{LABEL}.boot": "another machine"}
    made = [
        client.containers.create(image, ["true"], labels=labels)
        for labels in (mine, orphan, recycled, elsewhere)
    ]
    try:
        sweep_orphans(client)
        deadline = time.monotonic() + 60
        while len(left := containers(client, run)) > 2:  # another process sweeps, too
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert {item["Id"] for item in left} == {made[0].id, made[3].id}
    finally:
        for item in containers(client, run):
            client.api.remove_container(item["Id"], force=True)


def test_lost_container_is_replaced(
    client: Any, run: str, open_executor: Callable[..., DockerExecutor]
) -> None:
    executor = open_executor(run_id=run)
    assert executor.execute(GOOD).passed
    (before,) = containers(client, run)
    client.api.remove_container(before["Id"], force=True)
    assert executor.execute(GOOD).passed
    assert before["Id"] not in {item["Id"] for item in containers(client, run)}


def test_container_is_replaced_after_a_crowd(
    client: Any, run: str, open_executor: Callable[..., DockerExecutor]
) -> None:
    executor = open_executor(run_id=run)
    limits = Limits(cpu_seconds=0.1)
    executor.execute(Program("python", "x = 1", "assert x", limits))
    before = {item["Id"] for item in containers(client, run)}
    executor.execute(Program("python", FORK_BOMB, "", limits))
    assert executor.execute(Program("python", "x = 1", "assert x", limits)).passed
    assert wait_until(lambda: before.isdisjoint(i["Id"] for i in containers(client, run)))


def test_container_that_falls_silent_is_an_error_and_no_verdict(
    client: Any,
    run: str,
    open_executor: Callable[..., DockerExecutor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pytest_aibench.sandbox.box._GRACE_SECONDS", 0.0)
    executor = open_executor(run_id=run)
    assert executor.execute(GOOD).passed
    (box,) = containers(client, run)
    client.api.pause(box["Id"])
    limits = Limits(wall_seconds=0.3)
    same_shape = Program("python", "x = 2", "assert x", limits)
    assert executor.execute(same_shape).passed  # in a new container
    assert box["Id"] not in {
        item["Id"] for item in containers(client, run) if item["State"] == "running"
    }


def test_interrupted_program_does_not_answer_for_the_next(
    open_executor: Callable[..., DockerExecutor],
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    executor = open_executor()
    assert executor.execute(GOOD).passed
    previous = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            executor.execute(Program("python", "import time; time.sleep(0.5)", "assert False"))
    finally:
        signal.signal(signal.SIGALRM, previous)
    time.sleep(0.5)
    assert executor.execute(GOOD).passed
