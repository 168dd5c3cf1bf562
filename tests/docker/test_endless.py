"""Loops that never end are found out before any limit, and nothing else is taken for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program
from tests.data import data_rows
from tests.docker.programs import Programs

# Task and index of CodeGen-16B's samples that recur. HumanEval/94 #6 only takes long.
RECURRING = [(2, 9), (80, 3), (80, 7), (114, 3), (155, 11), (155, 12), (155, 17)]
LOOP = "def add(a, b):\n    while a:\n        a = -a\n    return b\n"
TESTS = "assert add(1, 2) == 3\n"
# Counts up to a number that takes more CPU time than the first look of the prover.
LONG = "def add(a, b):\n    n = 0\n    while n < 4000000:\n        n += 1\n    return a + b\n"


def test_real_samples(judge: Callable[[Sequence[Program]], list[Verdict]], data_dir: Path) -> None:
    rows = data_rows("generations/codegen16b_humaneval_20.jsonl.gz")
    humaneval = Programs("humaneval", data_dir)
    programs = []
    for task, index in RECURRING:
        name = f"HumanEval/{task}"
        samples = [row["completion"] for row in rows if row["task_id"] == name]
        programs.append(humaneval.completed(name, samples[index]))
    found = [(verdict.kind, verdict.proof) for verdict in judge(programs)]
    assert found == [(VerdictKind.TIMEOUT, "loop")] * len(RECURRING)


@pytest.mark.parametrize("isolation", ["warm", "uid"])
def test_a_proof_is_remembered(
    open_executor: Callable[..., DockerExecutor], isolation: str
) -> None:
    executor = open_executor(isolation=isolation, remember=True)
    first, second = (executor.execute(Program("python", LOOP, TESTS)) for _ in range(2))
    assert (first.kind, first.proof) == (VerdictKind.TIMEOUT, "loop")
    assert first.detail == "never ends: line 2 repeats the same state"
    assert (second.proof, second.cpu_seconds) == ("loop", 0.0)


def test_a_long_loop_ends(executor: DockerExecutor) -> None:
    verdict = executor.execute(Program("python", LONG, TESTS, Limits(cpu_seconds=20.0)))
    assert (verdict.kind, verdict.proof) == (VerdictKind.PASSED, "plain")


@pytest.mark.parametrize(
    "program",
    [
        "import signal\nassert signal.getsignal(signal.SIGVTALRM) is signal.SIG_DFL\n",
        "import signal\nassert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)\n",
        "import sys\nassert sys.gettrace() is None\n",
        "import os, time\npid = os.fork()\n"
        "if not pid:\n    while time.process_time() < 0.4: pass\n    os._exit(7)\n"
        "assert os.waitstatus_to_exitcode(os.wait()[1]) == 7\n",
        "import os, sys\nif not os.fork():\n"
        "    os.execv(sys.executable, ['python3', '-c', 'for i in range(10**7): pass'])\n"
        "assert os.waitstatus_to_exitcode(os.wait()[1]) == 0\n",
    ],
)
def test_nobody_notices(executor: DockerExecutor, program: str) -> None:
    solution = program + LONG + program
    verdict = executor.execute(Program("python", solution, TESTS, Limits(cpu_seconds=20.0)))
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    "attack",
    [
        'import os\nos.write(3, b\'{"phase": "endless", "proof": "00"}\')\nos._exit(0)\n',
        "import ast, os\nast.parse = lambda *_: os._exit(0)\n" + LOOP + "add(1, 1)\n",
        "import sys\nsys.settrace = sys.gettrace = None\n" + LOOP + "add(1, 1)\n",
        "len = isinstance = type = None\n" + LOOP + "add(1, 1)\n",
    ],
)
def test_pretending_gains_nothing(executor: DockerExecutor, attack: str) -> None:
    verdict = executor.execute(Program("python", attack, TESTS, Limits(cpu_seconds=0.5)))
    assert not verdict.passed
