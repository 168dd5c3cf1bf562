"""The variants of isolation, and an engine that grants less than it was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pytest_aibench.sandbox import confinement
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.owner import LABEL
from pytest_aibench.sandbox.program import Program

Open = Callable[..., DockerExecutor]


def show(expression: str) -> Program:
    return Program("python", f"import os; print({expression})", "")


def running(client: Any, run: str) -> list[str]:
    filters = {"label": f"{LABEL}.run={run}", "status": "running"}
    return [item["Id"] for item in client.api.containers(filters=filters)]


def test_warm_programs_share_a_container_and_a_user(
    client: Any, open_executor: Open, run: str
) -> None:
    executor = open_executor(run_id=run)
    users = {executor.execute(show("os.getuid()")).stdout for _ in range(3)}
    assert len(users) == 1
    assert 20_000 <= int(users.pop()) < 60_000
    assert len(running(client, run)) == 1


def test_uid_gives_every_program_a_user_of_its_own(
    client: Any, open_executor: Open, run: str
) -> None:
    executor = open_executor(run_id=run, isolation="uid")
    users = {executor.execute(show("os.getuid()")).stdout for _ in range(3)}
    assert len(users) == 3
    assert len(running(client, run)) == 1


def test_container_gives_every_program_a_container(open_executor: Open) -> None:
    executor = open_executor(isolation="container")
    begun = show("open('/proc/1/stat').read().split()[21]")
    assert len({executor.execute(begun).stdout for _ in range(3)}) == 3


def test_container_is_recycled(open_executor: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_aibench.sandbox.executor._SAMPLES_PER_BOX", 2)
    executor = open_executor()
    begun = show("open('/proc/1/stat').read().split()[21]")
    first, second, third = (executor.execute(begun).stdout for _ in range(3))
    assert first == second != third


def test_refused_seccomp_profile_is_reported(
    open_executor: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confinement, "seccomp_profile", lambda: "{not json")
    executor = open_executor()
    assert executor.execute(show("1")).stdout == "1\n"
    (warning,) = executor.warnings
    assert "seccomp profile" in warning


def test_protection_is_complete_here(open_executor: Open) -> None:
    executor = open_executor()
    executor.execute(show("1"))
    assert executor.warnings == []


def test_same_programs_run_once(open_executor: Open) -> None:
    executor = open_executor(remember=True)
    now = show("os.urandom(8)")
    first = executor.execute(now)
    assert executor.execute(now).stdout == first.stdout
    assert executor.execute(now).cpu_seconds == 0.0 < first.cpu_seconds
    assert executor.execute(show("os.urandom(8) ")).stdout != first.stdout
