"""Programs in the sandbox get the verdicts that the profile's harness gives them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.problems import Problem, get_benchmark
from pytest_aibench.profiles import get_profile
from pytest_aibench.records import VerdictKind
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program
from tests.data import FULL, data_rows

ROOT = Path(__file__).resolve().parents[2]
TEST = "def check(candidate):\n    assert candidate(1, 2) == 3\n"
PROBLEM = Problem("Add/0", "def add(a, b):\n", "add", TEST)
GOOD = "    return a + b\n"


def program(profile: str, benchmark: str, problem: Problem, code: str) -> Program:
    """`code` with the problem's tests, in that profile; 0.6 s are as good as 3 for these."""
    adapted = get_profile(profile).adapt(get_benchmark(benchmark))
    solution, tests = adapted.compose(problem, code, True)
    return Program(
        problem.language, solution, tests, Limits(cpu_seconds=min(adapted.cpu_seconds, 0.6)),
        adapted.rules, entry_point=problem.entry_point, context=problem.prompt,
    )  # fmt: skip


FORBIDDEN = {
    "getcwd": "import os\nos.getcwd()",
    "fork": "import os\nos.fork()",
    "tempfile": "import tempfile\ntempfile.TemporaryDirectory().cleanup()",
    "process": "import subprocess\nsubprocess.run(['true'])",
    "psutil": "import resource",
    "help": "help()",
    "stdin": "try:\n    input()\nexcept EOFError:\n    pass",
    "stdout": "import sys\nsys.stdout.buffer",
}
ALLOWED = {
    "print": "print('x' * 10)",
    "future": "from __future__ import annotations",
    "numpy": "import numpy\nassert numpy.arange(3).sum() == 3",
    "multiprocessing": "import multiprocessing",
    "no name": "assert 'os' not in globals() and 'sys' not in globals()",
}


def test_what_the_guard_takes_away(executor: DockerExecutor) -> None:
    passed = {
        name: executor.execute(
            program("human-eval", "humaneval", PROBLEM, f"{code}\n{PROBLEM.prompt}{GOOD}")
        ).passed
        for name, code in (FORBIDDEN | ALLOWED).items()
    }
    assert passed == dict.fromkeys(FORBIDDEN, False) | dict.fromkeys(ALLOWED, True)


@pytest.mark.parametrize("profile", ["human-eval", "bigcode"])
def test_tests_import_what_the_harness_has_loaded(profile: str, executor: DockerExecutor) -> None:
    tests = f"import numpy as np\n{TEST}    assert np.isclose(candidate(0.5, 1), 1.5)\n"
    problem = replace(PROBLEM, test=tests)
    assert executor.execute(program(profile, "humaneval", problem, PROBLEM.prompt + GOOD)).passed


@pytest.mark.parametrize("module", ["numpy", "multiprocessing"])
def test_programs_import_under_evalplus_guard(module: str, executor: DockerExecutor) -> None:
    task = get_profile("evalplus").task("humaneval-plus")
    assert task is not None
    code = f"import {module}\n{PROBLEM.prompt}{GOOD}"
    tested = Program("python", code, f"{TEST}check(add)", Limits(cpu_seconds=2), task.rules)
    assert executor.execute(tested).passed


def test_without_a_guard_nothing_is_taken_away(executor: DockerExecutor) -> None:
    for code in (FORBIDDEN["getcwd"], FORBIDDEN["tempfile"], FORBIDDEN["psutil"]):
        whole = f"{code}\n{PROBLEM.prompt}{GOOD}"
        assert executor.execute(program("aibench", "humaneval", PROBLEM, whole)).passed


def test_mutants_get_human_evals_verdicts(
    data_dir: Path, open_executor: Callable[..., DockerExecutor]
) -> None:
    """One of each kind that ends, all 491 with `AIBENCH_FULL=1`; what equals everything passes."""
    problems = {row["task_id"]: row for row in data_rows("humaneval/HumanEval.jsonl.gz")}
    rows = data_rows("mutants/humaneval_mutants_even.jsonl.gz")
    ending = {row["kind"]: row for row in rows if row["verdict"] != "timed out"}
    chosen = rows if FULL else list(ending.values())
    executor, different = open_executor(), []
    for row in chosen:
        given = problems[row["task_id"]]
        problem = Problem(row["task_id"], given["prompt"], given["entry_point"], given["test"])
        code = problem.prompt + row["completion"]
        verdict = executor.execute(program("human-eval", "humaneval", problem, code))
        believed = verdict.kind in (VerdictKind.PASSED, VerdictKind.SUSPICIOUS)
        if believed is not row["passed"]:
            different.append((row["task_id"], row["kind"], row["verdict"], verdict))
    assert different == []


JAVA = Problem(
    "p", "import org.javatuples.*;\n\nclass Problem {\n    public static long f() {\n", "f",
    "    }\n    public static void main(String[] args) {\n    assert(f() == 1L);\n    }\n}\n",
    language="java",
)  # fmt: skip


def test_bigcodes_java_of_multipl_e_finds_no_tuples(executor: DockerExecutor) -> None:
    tuples = f"{JAVA.prompt}        return Pair.with(1L, 2L).getValue0();"
    kinds = {
        profile: executor.execute(program(profile, "multipl-e-java", JAVA, tuples))
        for profile in ("bigcode", "multipl-e")
    }
    assert kinds["multipl-e"].passed, kinds
    assert "NoClassDefFoundError: org/javatuples/Pair" in kinds["bigcode"].detail
    plain = f"{JAVA.prompt}        return 1L;"
    assert executor.execute(program("bigcode", "multipl-e-java", JAVA, plain)).passed


def test_a_run_believes_a_suspicious_pass_and_says_so(
    tmp_path: Path, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIBENCH_CACHE", str(tmp_path / "cache"))
    equal = "    class Equal:\n        def __eq__(self, other): return True\n    return Equal()\n"
    row = {"task_id": "Add/0", "prompt": PROBLEM.prompt, "entry_point": "add", "test": TEST}
    # Preflight, which these profiles go without, would put this problem in quarantine.
    (tmp_path / "add.jsonl").write_text(json.dumps({**row, "canonical_solution": "    pass\n"}))
    rows = [{"task_id": "Add/0", "completion": text} for text in (GOOD, equal)]
    (tmp_path / "replies.jsonl").write_text("\n".join(map(json.dumps, rows)))
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", os.devnull,
            "--rootdir", str(ROOT), str(ROOT / "benchmarks" / "test_problems.py"),
            "--problems", "add.jsonl", "--n-samples", "2", "--model", "replay/replies.jsonl",
            "--profile", "human-eval", "--aibench-report", "report.json",
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 counted passes are suspicious" in " ".join(done.stdout.split())
    found: dict[str, Any] = json.loads((tmp_path / "report.json").read_text())
    benchmark = found["benchmarks"]["problems"]
    assert benchmark["problems"] == {"Add/0": {"n": 2, "c": 2}}
    assert benchmark["proofs"] == {"plain": 1, "suspicious": 1}
    assert "quarantined" not in benchmark
