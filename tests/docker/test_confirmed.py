"""Passes confirmed by the solution's text, or with tests and solution in two processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.generation.verdicts import VerdictStore
from pytest_aibench.records import Verdict
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program
from tests.data import FULL, data_rows
from tests.docker.programs import Programs

Judge = Callable[[Sequence[Program]], list[Verdict]]
LIMITS = Limits(cpu_seconds=1.0, wall_seconds=5.0)
NOT_PLAIN = "import os\n"


def verdict(executor: DockerExecutor, solution: str, tests: str) -> Verdict:
    return executor.execute(Program("python", solution, tests, LIMITS))


@pytest.mark.parametrize(
    ("solution", "tests"),
    [
        ("def f(x): return x", "assert f((1, {2: {3}})) == (1, {2: {3}})"),
        ("def f(x): x.sort()", "a = [3, 1]\nf(a)\nassert a == [1, 3]"),
        ("def f(x): x.clear(); x[1] = 2", "a = {3: 1}\nf(a)\nassert a == {1: 2}"),
        ("def f(n):\n    yield from range(n)", "assert list(f(3)) == [0, 1, 2]"),
        ("def f(n):\n    return lambda k: n + k", "assert f(3)(4) == 7"),
        ("def f(*a, **k): return len(a) + len(k)", "assert f(1, 2, c=3) == 3"),
        ("def f(x): raise KeyError(x)", "try:\n    f(1)\nexcept KeyError:\n    pass"),
        ("def f(n): return 10 ** n", "assert f(6000) == 10 ** 6000"),
        ("import re\ndef f(x): return re.match('a', x)", "assert f('a')\nassert not f('b')"),
        ("import math\ndef f(x): return x / 3", "assert math.isclose(f(1), 1 / 3)"),
        ("from math import gcd", "assert gcd(4, 6) == 2"),
        ("import numpy as np\ndef f(n): return np.arange(n)", "assert list(f(3)) == [0, 1, 2]"),
        ("import numpy as np\ndef f(n): return np.sum(n) > 2", "assert f([1, 2]) == True"),
        ("class P:\n    def __init__(self, a): self.a = a\ndef f(p): return p[0].a",
         "assert f([P(3)]) == 3"),
        ("class Stack:\n    def __init__(self): self.v = []\n    def push(self, v): "
         "self.v.append(v)\n    def pop(self): return self.v.pop()",
         "s = Stack()\ns.push(2)\nassert s.pop() == 2"),
        ("import threading\ndef f(x):\n    t = threading.Thread(target=print)\n    t.start()\n"
         "    t.join()\n    return x", "assert f(1) == 1"),
        ("print('hello')\ndef f(x):\n    print('x' * 100000)\n    return x", "assert f(1) == 1"),
    ],
)  # fmt: skip
def test_honest_programs_are_confirmed(executor: DockerExecutor, solution: str, tests: str) -> None:
    found = verdict(executor, NOT_PLAIN + solution, tests)
    assert (found.kind, found.proof) == ("passed", "split"), found


def test_a_plain_text_is_proof(executor: DockerExecutor) -> None:
    found = verdict(executor, "def f(x): return x + 1", "assert f(1) == 2")
    assert (found.kind, found.proof) == ("passed", "plain")
    assert not verdict(executor, "def f(x): return x", "assert f(1) == 2").passed


def test_what_the_tests_hold_cannot_be_changed_behind_their_backs(
    executor: DockerExecutor,
) -> None:
    solution = "def f(rows):\n    for row in rows: row.clear()\n    return rows"
    tests = "a, b = {'n': 2}, {'n': 1}\nassert f([a, b]) == [b, a]"
    assert verdict(executor, solution, tests).kind == "suspicious"


@pytest.mark.parametrize(
    ("solution", "tests"),
    [
        ("def f(g, x): return g(x)", "assert f(lambda v: v + 1, 1) == 2"),
        ("def f(x): return x.v", "class T:\n    v = 3\nassert f(T()) == 3"),
        ("class P:\n    def __eq__(self, o): return True\ndef f(): return P()",
         "assert f() == P()"),
        ("def f(x):\n    'Doc.'", "assert f.__doc__ == 'Doc.'"),
        ("def f(): print(1)",
         "import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()) as s:\n    f()\n"
         "assert s.getvalue() == '1\\n'"),
    ],
)  # fmt: skip
def test_what_needs_more_than_values_keeps_the_token(
    executor: DockerExecutor, solution: str, tests: str
) -> None:
    found = verdict(executor, NOT_PLAIN + solution, tests)
    assert (found.kind, found.proof) == ("passed", "token"), found


def test_confirmation_can_be_left_out(open_executor: Callable[..., DockerExecutor]) -> None:
    lie = "class A:\n    def __eq__(self, other): return True\ndef f(): return A()"
    assert verdict(open_executor(confirm_passes=False), lie, "assert f() == 1").proof == "token"


def test_verdicts_outlive_an_executor(
    open_executor: Callable[..., DockerExecutor], tmp_path: Path
) -> None:
    def ask(**settings: Any) -> Verdict:
        store = VerdictStore(tmp_path / "verdicts")
        found = verdict(open_executor(cache=store, **settings), "def f(): return 1", "assert f()")
        store.close()
        return found

    assert ask().cpu_seconds > 0
    again = ask()
    assert (again.kind, again.proof, again.cpu_seconds) == ("passed", "plain", 0.0)
    assert ask(isolation="uid").cpu_seconds > 0  # other circumstances are another verdict


@pytest.mark.parametrize(
    ("name", "step", "unlike"),
    [
        ("humaneval", 1, {}),
        ("mbpp", 4, {"MBPP/367": ("runtime_error", "")}),  # by the reference's own rule
        ("humaneval-x-python", 4, {}),
        ("humanevalpack-fix-python", 4, {}),
        ("basics", 1, {"Basics/32": ("passed", "token")}),  # gives the function a stream
    ],
)
def test_reference_solutions_are_confirmed(
    judge: Judge, data_dir: Path, name: str, step: int, unlike: dict[str, tuple[str, str]]
) -> None:
    """All of them, or every `step`-th without AIBENCH_FULL=1, in two processes.

    What they end with makes them other than plain. MBPP/123 needs some 3 s, the usual limit.
    """
    programs = Programs(name, data_dir)
    chosen = [
        problem
        for i, problem in enumerate(programs.problems.values())
        if FULL or i % step == step - 1 or problem.id in unlike
    ]
    references = [programs.completed(p.id, p.canonical_solution or "") for p in chosen]
    verdicts = judge([
        replace(r, solution=r.solution + "\nimport os\n", limits=Limits.allowing(10.0))
        for r in references
    ])  # fmt: skip
    found = {p.id: (str(v.kind), v.proof) for p, v in zip(chosen, verdicts, strict=True)}
    assert found == dict.fromkeys(found, ("passed", "split")) | unlike
    assert len(found) >= len(programs.problems) // step >= 20


def test_mutants_that_equal_everything_are_suspicious(judge: Judge, data_dir: Path) -> None:
    programs = Programs("humaneval", data_dir)
    rows = data_rows("mutants/humaneval_mutants_even.jsonl.gz")
    verdicts = judge([
        programs.completed(row["task_id"], row["completion"])
        for row in rows if row["kind"] == "always_equal"
    ])  # fmt: skip
    assert [(str(verdict.kind), verdict.proof) for verdict in verdicts] == [("suspicious", "")] * 7
