"""Problems whose own reference solution fails here are quarantined, and count for nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.cli import main
from pytest_aibench.generation.verdicts import VerdictStore
from pytest_aibench.records import VerdictKind
from pytest_aibench.report.load import load_summary
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program
from pytest_aibench.session.calibration import Calibration, patient

ROOT = Path(__file__).resolve().parents[2]
GOOD, BROKEN, BARE = "Add/0", "Add/1", "Add/2"


def busy(seconds: float, result: str) -> str:
    """The body of a function that uses so much CPU time, whatever else the machine does."""
    return (
        "    import time\n"
        f"    while time.process_time() < {seconds}:\n        pass\n    return {result}\n"
    )


def problem(name: str, solution: str | None) -> dict[str, Any]:
    row = {
        "task_id": name,
        "prompt": "def add(a, b):\n",
        "entry_point": "add",
        "test": "def check(candidate):\n    assert candidate(1, 2) == 3\n",
        "canonical_solution": solution,
    }
    return {key: value for key, value in row.items() if value is not None}


@pytest.fixture
def folder(tmp_path: Path, image: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AIBENCH_CACHE", str(tmp_path / "cache"))
    rows = [
        problem(GOOD, "    return a + b\n"),
        problem(BROKEN, "    return a - b\n"),
        problem(BARE, None),
    ]
    replies = [
        {"task_id": name, "completion": f"    return a + b  # {i}\n"}
        for name in (GOOD, BROKEN, BARE)
        for i in range(2)
    ]
    (tmp_path / "problems.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "replies.jsonl").write_text("\n".join(map(json.dumps, replies)))
    return tmp_path


def run(folder: Path, *args: str, model: str = "") -> tuple[dict[str, Any], str]:
    report = folder / "report.json"
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", os.devnull,
            "--rootdir", str(ROOT), "benchmarks/test_problems.py",
            "--problems", str(folder / "problems.jsonl"), "--n-samples", "2",
            "--model", model or f"replay/{folder / 'replies.jsonl'}",
            "--aibench-report", str(report), *args,
        ],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert report.exists(), done.stdout + done.stderr
    return json.loads(report.read_text()), done.stdout


@pytest.mark.parametrize("ways", [(), ("-n2",)], ids=["alone", "xdist"])
def test_a_problem_that_its_own_solution_fails_is_in_no_score(
    folder: Path, ways: tuple[str, ...]
) -> None:
    summary, output = run(folder, *ways)
    scores = summary["benchmarks"]["problems"]
    assert scores["quarantined"] == {BROKEN: "wrong answer: AssertionError"}
    assert scores["problems"] == {GOOD: {"n": 2, "c": 2}, BARE: {"n": 2, "c": 2}}
    assert scores["verdicts"] == {"passed": 4}
    assert scores["proofs"] == {"plain": 4}
    assert scores["pass@1"]["value"] == 1.0
    assert summary["run"]["complete"] is True
    (warning,) = [line for line in output.splitlines() if line.startswith("warning: ")]
    assert f"{BROKEN} is quarantined" in warning
    assert load_summary(folder / "report.json").benchmarks["problems"].quarantined


def test_limits_fit_what_the_reference_needs_here(folder: Path) -> None:
    (folder / "problems.jsonl").write_text(json.dumps(problem(GOOD, busy(1.6, "a + b"))))
    slow = {"task_id": GOOD, "completion": busy(3.1, "a - b")}
    (folder / "replies.jsonl").write_text(json.dumps(slow))
    summary, output = run(folder, "-n1", "--n-samples", "1")
    scores = summary["benchmarks"]["problems"]
    assert scores["cpu_limits"] == {GOOD: 4.5}
    assert scores["verdicts"] == {"wrong_answer": 1}  # within 3 s it would not have come so far
    assert f"needs more than half of them on this machine: {GOOD} to 4.5 s" in output
    assert load_summary(folder / "report.json").benchmarks["problems"].cpu_limits == {GOOD: 4.5}


def test_a_remembered_solution_fits_limits_too(
    open_executor: Callable[..., DockerExecutor], tmp_path: Path
) -> None:
    name, limits = ("b", "p"), Limits(cpu_seconds=0.1)
    program = Program("python", f"def f():\n{busy(0.15, '1')}", "assert f() == 1", limits)
    first = open_executor(confirm_passes=False).execute(program)
    assert first.kind is VerdictKind.TIMEOUT
    again = patient({name: program}, {name: first})[name]
    with closing(VerdictStore(tmp_path / "verdicts")) as cache:
        settings = {"confirm_passes": False, "keep_times": True, "remember": True, "cache": cache}
        found = [open_executor(**settings).execute(again) for _ in range(2)]
    assert found[0] == found[1]
    raised = Calibration.of({name: program}, {name: found[1]})
    assert 0.3 <= raised.cpu_seconds[name] <= 0.5


def test_without_preflight_every_problem_counts(folder: Path) -> None:
    summary, output = run(folder, "--no-preflight")
    scores = summary["benchmarks"]["problems"]
    assert "quarantined" not in scores
    assert len(scores["problems"]) == 3
    assert "quarantined" not in output


def test_only_selected_problems_are_checked(folder: Path) -> None:
    summary, _ = run(folder, "-k", f"{GOOD}-s")
    assert "quarantined" not in summary["benchmarks"]["problems"]


def test_merging_leaves_quarantined_problems_out(folder: Path) -> None:
    run(folder)
    merged = folder / "merged.json"
    assert main(["merge", str(folder / "report.json"), "-o", str(merged)]) == 0
    scores = load_summary(merged).benchmarks["problems"]
    assert scores.problems == {GOOD: (2, 2), BARE: (2, 2)}
    assert list(scores.quarantined) == [BROKEN]


def test_the_reference_model_is_its_own_check(folder: Path) -> None:
    summary, _ = run(folder, "-k", f"{GOOD}-s or {BROKEN}-s", model="reference")
    assert summary["benchmarks"]["problems"]["problems"][BROKEN] == {"n": 2, "c": 0}
