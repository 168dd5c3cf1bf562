"""Every hostile program gets a verdict that it deserves, and the next program does not notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program
from tests.data import FULL
from tests.docker.hostile import (
    CANARY,
    TESTS,
    Hostile,
    escapes,
    files,
    forgeries,
    insiders,
    memory,
    processes,
)
from tests.docker.hostile.attack import ends_by_time

ROWS = [*processes.ROWS, *files.ROWS, *memory.ROWS, *escapes.ROWS, *forgeries.ROWS, *insiders.ROWS]
# What a sample's own user can change of attacks on the proof: signals, files and memory of others.
# The other insiders lie with values, and do so as another user only with AIBENCH_FULL=1.
ACROSS_PROCESSES = {
    "secret_on_the_descriptor",
    "secret_at_load",
    "kill_the_tests",
    "stop_the_tests",
    "look_into_the_tests",
}
BY_VALUES = {row.name for row in insiders.ROWS} - ACROSS_PROCESSES
CASES = [
    pytest.param(isolation, row, id=f"{isolation}-{row.name}")
    for isolation in ("warm", "uid")
    for row in ROWS
    if isolation == "warm" or FULL or row.name not in BY_VALUES
]
LIMITS = Limits(
    wall_seconds=10.0,
    memory=96 << 20,
    scratch=16 << 20,
    processes=48,
    output_killed=2 << 20,
)
# For what a limit of time is to end; it ends nothing else, however busy the machine is.
SHORT = replace(LIMITS, cpu_seconds=0.5, wall_seconds=1.5)


@pytest.fixture(scope="module")
def sandbox(request: pytest.FixtureRequest, image: str) -> Iterator[DockerExecutor]:
    executor = DockerExecutor(run_id="hostile", isolation=request.param, remember=False)
    yield executor
    executor.close()
    assert executor.warnings == []


@pytest.mark.parametrize(("sandbox", "row"), CASES, indirect=["sandbox"])
def test_attack_fails_and_leaves_no_trace(sandbox: DockerExecutor, row: Hostile) -> None:
    limits = SHORT if ends_by_time(row.allowed) else LIMITS
    verdict = sandbox.execute(Program("python", row.program, TESTS, limits))
    said = verdict.stdout + verdict.stderr
    assert "HOLE" not in said, f"{row.attacks}: {said[:500]}"
    assert verdict.kind.value in row.allowed.split(), f"{verdict.detail} {said[:500]}"

    canary = sandbox.execute(Program("python", CANARY, TESTS, LIMITS))
    assert "HOLE" not in canary.stdout, canary.stdout
    assert canary.passed, f"the next program: {canary}"


def test_every_attack_has_a_name_of_its_own() -> None:
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names) >= 71
    assert set(names) >= ACROSS_PROCESSES
