"""`--bigcode-tasks`: tasks of a harness of BigCode's shape, in a pytest of its own, no sandbox."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.servers.openai import OpenAIStandIn
from tests.unit.bigcode.harness import write_harness

SUM = """
import pytest_aibench as aibench


@aibench.bigcode_tasks()
def test_bigcode(sample):
    assert "a + b" in sample.solution, sample.solution
"""


@pytest.fixture
def folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_harness(pytester.path / "lib")
    monkeypatch.setenv("PYTHONPATH", str(pytester.path / "lib"))
    (pytester.path / "test_bigcode.py").write_text(SUM)
    rows = [
        {"task_id": f"Arithmetic/{number}", "completion": f"\n    return {text}\ndef next(): ..."}
        for number, texts in enumerate([("a + b", "a"), ("a - b", "a + b"), ("0", "0")])
        for text in texts
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    (pytester.path / "replies.jsonl").write_text(lines)
    return pytester.path


def run(pytester: pytest.Pytester, *args: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess(
        *args, "--model", "replay/replies.jsonl", "--n-samples", "2",
        "--aibench-report", "report.json",
    )  # fmt: skip


def samples(folder: Path) -> list[dict[str, Any]]:
    rows = map(json.loads, (folder / "report.samples.jsonl").read_text().splitlines())
    return [row for row in rows if "problem" in row]


@pytest.mark.parametrize("ways", [(), ("-n2",)], ids=["alone", "xdist"])
def test_tasks_are_benchmarks_of_their_own(
    pytester: pytest.Pytester, folder: Path, ways: tuple[str, ...]
) -> None:
    result = run(
        pytester, "test_bigcode.py", "--bigcode-tasks", "arithmetic,prompted,arithmetic", *ways
    )
    assert result.ret == 0
    summary = json.loads((folder / "report.json").read_text())
    assert list(summary["benchmarks"]) == ["bigcode-arithmetic", "bigcode-prompted"]
    first = summary["benchmarks"]["bigcode-arithmetic"]
    assert {name: problem["c"] for name, problem in first["problems"].items()} == {
        "Arithmetic/0": 1, "Arithmetic/1": 1, "Arithmetic/2": 0,
    }  # fmt: skip
    assert first["pass@1"]["value"] == pytest.approx(1 / 3)
    assert summary["run"]["settings"]["tests"] == [
        "test_bigcode.py::test_bigcode_arithmetic",
        "test_bigcode.py::test_bigcode_prompted",
    ]
    cut = {row["solution"] for row in samples(folder) if row["benchmark"] == "bigcode-arithmetic"}
    assert "def add(a, b):\n    return a + b" in cut
    assert not any("next" in solution for solution in cut)


def test_one_task_by_its_node_id(pytester: pytest.Pytester, folder: Path) -> None:
    name = "test_bigcode.py::test_bigcode_prompted[Arithmetic/1-s001]"
    tasks = ("--bigcode-tasks", "arithmetic,prompted")
    result = run(pytester, name, *tasks, "--bigcode-prompt", "chatty")
    assert result.ret == 0
    [row] = samples(folder)
    assert row["kind"] == "passed"
    assert row["prompt"] == "[chatty]def subtract(a, b):"


def test_a_run_is_judged_again_with_its_tasks(pytester: pytest.Pytester, folder: Path) -> None:
    run(pytester, "test_bigcode.py", "--bigcode-tasks", "arithmetic")
    command = [sys.executable, "-m", "pytest_aibench.cli", "rejudge"]
    again = pytester.run(*command, "report.json", "-o", "again.json")
    assert again.ret == 0
    before, after = (
        json.loads((folder / f"{name}.json").read_text())["benchmarks"]
        for name in ("report", "again")
    )
    assert after["bigcode-arithmetic"]["pass@1"] == before["bigcode-arithmetic"]["pass@1"]


def test_a_server_is_asked_as_the_harness_asks(pytester: pytest.Pytester, folder: Path) -> None:
    with OpenAIStandIn() as server:
        server.text = "\n    return a + b\ndef next(): ..."
        result = pytester.runpytest_subprocess(
            "test_bigcode.py", "--bigcode-tasks", "arithmetic", "--profile", "bigcode",
            "--model", "openai/m", "--base-url", f"{server.url}/v1", "-n1",
            "--aibench-report", "report.json",
        )  # fmt: skip
        bodies = [asked.body for asked in server.asked if asked.path == "/v1/completions"]
    assert result.ret == 0
    prompts = {f"def {name}(a, b):" for name in ("add", "subtract", "divide")}
    assert {body["prompt"] for body in bodies} >= prompts
    asked = next(body for body in bodies if body["prompt"] == "def add(a, b):")
    assert (asked["temperature"], asked["top_p"], asked["max_tokens"]) == (0.2, 0.95, 512)
    assert asked["stop"] == ["\ndef", "\n#"]
    assert {row["solution"].partition(":")[2] for row in samples(folder)} == {"\n    return a + b"}


def test_without_tasks_the_file_says_so_and_the_folder_is_silent(
    pytester: pytest.Pytester, folder: Path
) -> None:
    """Nor is the harness imported."""
    (folder / "lib" / "bigcode_eval" / "__init__.py").write_text("raise SystemExit('imported')")
    (folder / "test_other.py").write_text("def test_other(): pass")
    run(pytester, ".").assert_outcomes(passed=1)
    result = run(pytester, "test_bigcode.py")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines("*no task of BigCode's harness is named*")


def test_a_refused_task_stops_the_run(pytester: pytest.Pytester, folder: Path) -> None:
    result = run(pytester, "test_bigcode.py", "--bigcode-tasks", "arithmetic,silent")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines("*--bigcode-tasks silent: it is scored without executing*")
    result.assert_outcomes(errors=1)
