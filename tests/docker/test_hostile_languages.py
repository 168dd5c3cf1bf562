"""Attacks in JavaScript, C++ and Java: no false pass, and nothing of them is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from pytest_aibench.problems.judging import Rules
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program
from tests.docker.hostile import cpp, java, javascript
from tests.docker.hostile.attack import Attack, Battery, ends_by_time

BATTERIES = [javascript.BATTERY, cpp.BATTERY, java.BATTERY]
ROWS = [
    pytest.param(battery, row, id=f"{battery.language}-{row.name}".replace(" ", "-"))
    for battery in BATTERIES
    for row in battery.rows
]
# Each attacks what another isolation could change: the proof, processes, files.
REPRESENTATIVE = {
    "uid": {"output on all descriptors", "process that stays", "files for the next program"},
    "container": {"output on all descriptors", "process that stays"},
}
LIMITS = Limits(
    wall_seconds=10.0,
    memory=256 << 20,
    scratch=32 << 20,
    processes=48,
    output_killed=2 << 20,
)
# For what a limit of time is to end. For the rest it would be too short on a busy machine, which
# may read node from its disk again for every program.
SHORT = replace(LIMITS, cpu_seconds=0.5, wall_seconds=1.5)
RULES = Rules(compile_seconds=1.0)


@pytest.fixture(scope="module")
def sandbox(image: str) -> Iterator[DockerExecutor]:
    executor = DockerExecutor(run_id="hostile-languages", remember=False)
    yield executor
    executor.close()
    assert executor.warnings == []


def program(battery: Battery, solution: str, limits: Limits = LIMITS) -> Program:
    return Program(battery.language, solution, battery.tests, limits, RULES)


def check(sandbox: DockerExecutor, battery: Battery, row: Attack) -> None:
    limits = SHORT if ends_by_time(row.allowed) else LIMITS
    verdict = sandbox.execute(program(battery, row.source, limits))
    assert verdict.kind.value in row.allowed.split(), verdict

    canary = sandbox.execute(program(battery, battery.canary))
    assert "HOLE" not in canary.stdout, canary.stdout
    assert canary.passed, f"the next program: {canary}"


@pytest.mark.parametrize(("battery", "row"), ROWS)
def test_attack_fails_and_leaves_no_trace(
    sandbox: DockerExecutor, battery: Battery, row: Attack
) -> None:
    check(sandbox, battery, row)


@pytest.mark.parametrize("battery", BATTERIES, ids=lambda battery: battery.language)
@pytest.mark.parametrize("isolation", REPRESENTATIVE)
def test_every_isolation_withstands(
    open_executor: Callable[..., DockerExecutor], battery: Battery, isolation: str
) -> None:
    executor = open_executor(isolation=isolation)
    rows = [row for row in battery.rows if row.name in REPRESENTATIVE[isolation]]
    assert len(rows) == len(REPRESENTATIVE[isolation])
    for row in rows:
        check(executor, battery, row)
    assert executor.warnings == []


@pytest.mark.parametrize("battery", BATTERIES, ids=lambda battery: battery.language)
def test_tests_tell_a_wrong_program(sandbox: DockerExecutor, battery: Battery) -> None:
    assert sandbox.execute(program(battery, battery.wrong)).kind.value == "wrong_answer"


@pytest.mark.parametrize("battery", BATTERIES, ids=lambda battery: battery.language)
def test_every_attack_has_a_name_of_its_own(battery: Battery) -> None:
    names = [row.name for row in battery.rows]
    assert len(set(names)) == len(names) >= 35
