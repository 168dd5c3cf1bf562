"""A container stays as it was, however much it served; a busy machine changes no verdict."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.locks import usable_cores
from pytest_aibench.sandbox.owner import LABEL
from pytest_aibench.sandbox.program import Limits, Program

Open = Callable[..., DockerExecutor]
SAMPLES = 600


def process_of(client: Any, run: str) -> int:
    """Host's number of the process that is PID 1 of the run's container."""
    (item,) = client.api.containers(filters={"label": f"{LABEL}.run={run}"})
    return int(client.api.inspect_container(item["Id"])["State"]["Pid"])


def resident_kib(pid: int) -> int:
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith("VmRSS")).split()[1])


def descriptors(pid: int) -> int:
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        size = next(line for line in file if line.startswith("FDSize"))
    return int(size.split()[1])


def test_many_programs_leave_pid_1_as_it_was(client: Any, open_executor: Open, run: str) -> None:
    executor = open_executor(run_id=run)

    def run_some(count: int, tag: str) -> None:
        for i in range(count):
            wrong = i % 5 == 0
            solution = f"# {tag} {i}\nprint('x' * 20000)\nvalue = {0 if wrong else 1}"
            verdict = executor.execute(Program("python", solution, "assert value"))
            assert verdict.passed is not wrong, verdict

    run_some(50, "warm-up")
    pid = process_of(client, run)
    before = resident_kib(pid), descriptors(pid)
    run_some(SAMPLES, "soak")
    assert process_of(client, run) == pid
    after = resident_kib(pid), descriptors(pid)
    assert after[1] == before[1]
    assert after[0] - before[0] < 512


# The patterns are computed, so that the text of the scanning program does not contain them; each
# is found once, where the program itself keeps it.
SCAN = """
import ctypes
patterns = [bytes(reversed(p)) for p in (b"NOITULOS_FO_KRAM", b"STSET_FO_KRAM", b"TUPTUO_FO_KRAM",
                                         b"LORTNOC_FO_KRAM")]
control = bytes(reversed(b"LORTNOC_FO_KRAM"))
hits = dict.fromkeys(patterns, 0)
for line in open("/proc/self/maps").read().splitlines():
    area, rights, *_ = line.split()
    if "r" not in rights or "[v" in line:
        continue
    low, high = (int(end, 16) for end in area.split("-"))
    data = ctypes.string_at(low, high - low)
    for pattern in patterns:
        hits[pattern] += data.count(pattern)
    del data
print([hits[pattern] - 1 for pattern in patterns])
"""


def test_nothing_of_an_earlier_program_is_in_memory(open_executor: Open) -> None:
    executor = open_executor()
    for i in range(30):
        solution = (
            f"print('MARK_OF_' + 'OUTPUT' * 1, {i})  # MARK_OF_SOLUTION\nx = 'MARK_OF_SOLUTION'"
        )
        assert executor.execute(Program("python", solution, "assert x  # MARK_OF_TESTS")).passed
    verdict = executor.execute(Program("python", SCAN, ""))
    solution, tests, output, control = eval(verdict.stdout)
    assert control > 0  # the scan finds what is there
    assert (solution, tests, output) == (0, 0, 0)


@pytest.fixture
def busy_machine() -> Iterator[None]:
    """More work than cores, by others."""
    loop = [sys.executable, "-c", "while True: pass"]
    others = [subprocess.Popen(loop) for _ in range(2 * usable_cores())]
    time.sleep(0.1)
    yield
    for other in others:
        other.kill()
        other.wait()


WORK = """
import time
end = time.process_time() + {seconds}
while time.process_time() < end: pass
"""


@pytest.mark.parametrize(("seconds", "kind"), [(0.2, "passed"), (0.4, "timeout")])
def test_load_changes_no_verdict(
    busy_machine: None, executor: DockerExecutor, seconds: float, kind: str
) -> None:
    limits = Limits(cpu_seconds=0.3)
    program = Program("python", WORK.format(seconds=seconds), "", limits)
    assert executor.execute(program).kind.value == kind


IN_A_CHILD = """
import os
child = os.fork()
if child:
    os.wait()
else:
"""


@pytest.mark.parametrize("child", [False, True], ids=["alone", "child"])
def test_wall_limit_does_not_count_waiting_for_a_core(
    busy_machine: None, executor: DockerExecutor, child: bool
) -> None:
    # Needs 0.6 s of a core, of which the busy machine gives it a third.
    limits = Limits(cpu_seconds=3.0, wall_seconds=0.8)
    work = WORK.format(seconds=0.6)
    work = IN_A_CHILD + textwrap.indent(work, "    ") + "    os._exit(0)" if child else work
    verdict = executor.execute(Program("python", work, "", limits))
    # Waiting extends the limit to four times its length, which a machine that gives a core for less
    # than a fifth of the time uses up.
    assert verdict.passed or verdict.wall_seconds >= 4 * limits.wall_seconds, verdict
