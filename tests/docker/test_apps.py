"""APPS in the sandbox: what is right for every input passes, in two processes, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_aibench.problems import Problem, get_benchmark
from pytest_aibench.profiles import get_profile
from pytest_aibench.records import Verdict
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program
from tests.apps_rows import write_rows

ROOT = Path(__file__).resolve().parents[2]
SUM, MOST = "APPS/7", "APPS/8"


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Problem]:
    source = write_rows(tmp_path_factory.mktemp("rows"))
    return {p.id: p for p in get_benchmark("apps-introductory").load(source).problems}


def judge(
    executor: DockerExecutor,
    problem: Problem,
    code: str,
    profile: str = "aibench",
    seconds: float = 11.0,
) -> Verdict:
    benchmark = get_profile(profile).adapt(get_benchmark("apps-introductory"))
    finished = benchmark.finish(problem, code) if benchmark.finish else code
    solution, tests = benchmark.compose(problem, finished, True)
    return executor.execute(
        Program(
            "python", solution, tests, Limits(cpu_seconds=seconds), benchmark.rules,
            entry_point=problem.entry_point, context=problem.prompt,
        )
    )  # fmt: skip


@pytest.mark.parametrize("name", [SUM, MOST])
@pytest.mark.parametrize("profile", ["aibench", "bigcode"])
def test_solutions_are_confirmed(
    executor: DockerExecutor, problems: dict[str, Problem], name: str, profile: str
) -> None:
    code = problems[name].canonical_solution or ""
    verdict = judge(executor, problems[name], code, profile)
    assert (verdict.kind, verdict.proof) == ("passed", "split")


READS = "n, *rest = {}\nprint(sum(map(int, ' '.join(rest).split())))"
PRINTS = {
    "all at once": "import sys\n" + READS.format("sys.stdin.read().split('\\n')"),
    "by name": "from sys import stdin\n" + READS.format("stdin.readlines()"),
    "line by line": "import sys\n" + READS.format("sys.stdin"),
    "a file": READS.format("open('input.txt').read().split('\\n')"),
    "exit": READS.format("open(0).readlines()") + "\nraise SystemExit(1)",
    "numpy": READS.format("open(0)") + "\nnp.zeros(3)",
    "white space": READS.format("open(0)").replace("print(", "print('\\n\\n \\t', ") + "\nprint()",
    "nearly": READS.format("open(0)").replace("sum(", "1e-9 + sum("),
    "every word twice": READS.format("open(0)").replace("sum(", "*2 * (sum(")[:-1] + ",))",
}


@pytest.mark.parametrize("code", PRINTS.values(), ids=PRINTS.keys())
def test_input_and_output_have_many_ways(
    executor: DockerExecutor, problems: dict[str, Problem], code: str
) -> None:
    verdict = judge(executor, problems[SUM], code)
    assert (verdict.kind, verdict.proof, verdict.detail) == ("passed", "split", "")


def test_open_finds_the_input_under_the_guard(
    executor: DockerExecutor, problems: dict[str, Problem]
) -> None:
    verdict = judge(executor, problems[SUM], PRINTS["a file"], "bigcode")
    assert (verdict.kind, verdict.detail) == ("passed", "")


@pytest.mark.parametrize(
    ("code", "kind", "detail"),
    [
        ("print(3)", "wrong_answer", "wrong for input 1"),
        ("print(input(), 3)", "wrong_answer", "wrong for input 0"),
        ("import os\nos._exit(0)", "exited_early", ""),
        ("import sys\nsys.exit()", "wrong_answer", "wrong for input 0"),
        ("import sys; sys.exit()", "exited_early", "SystemExit"),
        ("print('passed', 3)\nraise KeyboardInterrupt", "runtime_error", "KeyboardInterrupt"),
        ("input(), input(), input()", "runtime_error", "EOFError"),
        ("print(", "compile_error", "SyntaxError"),
        ("import math", "runtime_error", "name 'code' is not defined"),
        ("if __name__ == '__main__':\n    print(3)", "wrong_answer", "wrong for input 0"),
        ("seen = [0] * 10**9", "out_of_memory", "MemoryError"),
        ("while True:\n    print('3' * 10**7)", "out_of_memory", "MemoryError"),
    ],
)
def test_programs_that_do_not_pass(
    executor: DockerExecutor, problems: dict[str, Problem], code: str, kind: str, detail: str
) -> None:
    verdict = judge(executor, problems[SUM], code)
    assert verdict.kind == kind
    assert detail in verdict.detail


@pytest.mark.parametrize("name", [SUM, MOST])
def test_an_input_has_four_seconds(
    executor: DockerExecutor, problems: dict[str, Problem], name: str
) -> None:
    problem = problems[name]
    endless = "def most(xs):\n    while True: pass\n" if name == MOST else "while True: pass\n"
    assert "TimeoutError" in judge(executor, problem, endless).detail
    assert judge(executor, problem, endless, seconds=0.5).kind == "timeout"


# What a solution can see in the process of its tests is of no use in another.
READS_THE_EXPECTED = """
import sys
frame = sys._getframe()
while "expected" not in frame.f_locals:
    frame = frame.f_back
expected = frame.f_locals["expected"]
print("\\n".join(expected) if isinstance(expected, list) else expected)
"""
REPLACES_THE_COMPARISON = """
import sys
frame = sys._getframe()
while "_is_printed" not in frame.f_globals:
    frame = frame.f_back
frame.f_globals["_is_printed"] = lambda *_: True
"""
EQUALS = """
class Equal:
    def __eq__(self, other):
        return True
def most(xs):
    return Equal()
"""


@pytest.mark.parametrize(
    ("name", "code"),
    [(SUM, READS_THE_EXPECTED), (SUM, REPLACES_THE_COMPARISON), (MOST, EQUALS)],
)
def test_what_knows_the_judge_does_not_pass(
    executor: DockerExecutor, problems: dict[str, Problem], name: str, code: str
) -> None:
    assert judge(executor, problems[name], code).kind == "suspicious"


def test_nothing_passes_where_no_tests_are_published(
    executor: DockerExecutor, tmp_path: Path
) -> None:
    source = write_rows(tmp_path)
    (problem,) = get_benchmark("apps-interview").load(source).problems
    verdict = judge(executor, problem, "print(1)")
    assert (verdict.kind, verdict.detail) == (
        "wrong_answer",
        "AssertionError: no tests are published for this problem",
    )


def test_a_run_finds_programs_in_chat_replies(
    image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(tmp_path)
    monkeypatch.setenv("AIBENCH_CACHE", str(tmp_path / "cache"))
    adds = "n = int(input())\nprint(sum(map(int, input().split())) if n else 0)"
    most = "class Solution:\n    def most(self, xs):\n        return [max(xs), min(xs)]"
    codes = [(SUM, adds), (SUM, "print(3)"), (MOST, most), (MOST, most.replace("max", "min"))]
    rows = [{"task_id": id_, "reply": f"So:\n```python\n{code}\n```\n"} for id_, code in codes]
    (tmp_path / "replies.jsonl").write_text("\n".join(map(json.dumps, rows)))
    report = tmp_path / "report.json"
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", os.devnull,
            "benchmarks/test_apps.py::test_apps_introductory", "--rootdir", str(ROOT),
            "--model", f"replay/{tmp_path / 'replies.jsonl'}", "--n-samples", "2",
            "--aibench-data", str(tmp_path), "--aibench-report", str(report),
        ],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads(report.read_text())["benchmarks"]["apps-introductory"]
    assert {name: (p["n"], p["c"]) for name, p in summary["problems"].items()} == {
        SUM: (2, 1), MOST: (2, 1),
    }  # fmt: skip
    assert summary["proofs"] == {"split": 2}
