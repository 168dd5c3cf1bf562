"""Tasks of BigCode's harness in the real sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.bigcode.harness import write_harness

ROOT = Path(__file__).resolve().parents[2]
REAL = "AIBENCH_BIGCODE"
# Read at import: tests run without the variable, so that it decides no other result.
CHECKOUT = os.environ.get(REAL, "")


def run(folder: Path, path: str, *args: str) -> dict[str, Any]:
    report = folder / "report.json"
    command = [
        sys.executable, "-m", "pytest", "benchmarks/test_bigcode.py", "-c", os.devnull,
        "--rootdir", str(ROOT), "-p", "no:cacheprovider", "--model", "reference", "--no-preflight",
        "--aibench-report", str(report), "--aibench-cache", str(folder / "cache"), *args,
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert report.is_file(), done.stdout + done.stderr
    found: dict[str, Any] = json.loads(report.read_text())["benchmarks"]
    return found


def test_programs_run_in_the_sandbox(image: str, tmp_path: Path) -> None:
    """Where the harness's own functions would raise."""
    write_harness(tmp_path / "lib")
    found = run(tmp_path, str(tmp_path / "lib"), "--bigcode-tasks", "arithmetic,numbered")
    assert found["bigcode-arithmetic"]["verdicts"] == {"passed": 3}
    assert found["bigcode-numbered"]["errors"] == 2  # no solutions of its own


@pytest.mark.skipif(not CHECKOUT, reason=f"{REAL} names no clone of BigCode's evaluation harness")
def test_the_harness_itself(
    image: str, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("evaluate")
    monkeypatch.setenv("AIBENCH_DATA", str(data_dir))
    tasks = "humaneval,humaneval-unstripped,mbpp,humanevalsynthesize-python,humanevalfixdocs-python"
    hub = ("-p", "tests.parity.local_hub")
    found = run(tmp_path, CHECKOUT, *hub, "--bigcode-tasks", tasks, "--limit", "4")
    assert {name: b["verdicts"] for name, b in found.items()} == {
        f"bigcode-{task}": {"passed": 4} for task in tasks.split(",")
    }
