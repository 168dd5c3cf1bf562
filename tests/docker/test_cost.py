"""What a program costs here, against a bare fork in the same container."""

from __future__ import annotations

import os
from collections.abc import Callable

from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program

SAMPLES = 100
SOLUTION = '''
from typing import List

def running_sums(numbers: List[int]) -> List[int]:
    """Sum of the numbers up to each position."""
    sums, total = [], 0
    for number in numbers:
        total += number
        sums.append(total)
    return sums
'''
TESTS = """
def check(candidate):
    assert candidate([]) == []
    for n in range(40):
        assert candidate(list(range(n))) == [i * (i + 1) // 2 for i in range(n)]

check(running_sums)
"""
# The least that could be done: the same interpreter forks, compiles, runs and waits.
BARE = """
import gc, os, time

def used():
    times = os.times()
    return times.children_user + times.children_system + times.user + times.system

gc.freeze()
begun = used()
for _ in range({count}):
    child = os.fork()
    if child == 0:
        exec(compile({program!r}, "<program>", "exec"), {{}})
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
print((used() - begun) / {count})
"""


def client_seconds() -> float:
    times = os.times()
    return times.user + times.system


def test_at_most_five_times_a_bare_fork(open_executor: Callable[..., DockerExecutor]) -> None:
    executor = open_executor()
    program = Program("python", SOLUTION, TESTS)
    executor.execute(program)
    source = BARE.format(count=SAMPLES, program=SOLUTION + TESTS)
    bare = executor.execute(Program("python", source, "", Limits(cpu_seconds=60)))
    client = client_seconds()
    verdicts = [executor.execute(program) for _ in range(SAMPLES)]
    client = (client_seconds() - client) / SAMPLES
    assert all(verdict.passed for verdict in verdicts)
    cost = sum(verdict.cpu_seconds for verdict in verdicts) / SAMPLES + client
    assert cost < 5 * float(bare.stdout), f"{cost * 1e3:.2f} ms against {bare.stdout.strip()} s"
