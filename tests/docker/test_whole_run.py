"""A whole pytest run with the real sandbox: the job of the README, real samples, kill -9."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.sandbox.owner import LABEL
from tests.docker.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
ENDLESS = "import time\ndef add(a, b):\n    while True:\n        time.time()\n"
PROBLEM = {
    "task_id": "Add/0",
    "prompt": "def add(a, b):\n",
    "entry_point": "add",
    "test": "def check(candidate):\n    assert candidate(1, 2) == 3\n",
    "canonical_solution": "    return a + b\n",
}


@pytest.fixture
def runs(tmp_path: Path, image: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder below which a run of this test has its files."""
    monkeypatch.setenv("AIBENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "runs"


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", os.devnull, *args]


def run_benchmarks(report: Path, *args: str) -> tuple[int, dict[str, Any], str]:
    done = subprocess.run(
        command(*args, "--rootdir", str(ROOT), "--aibench-report", str(report)),
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert report.exists(), done.stdout + done.stderr
    return done.returncode, json.loads(report.read_text()), done.stdout


@pytest.mark.parametrize("ways", [(), ("-n2",)], ids=["alone", "xdist"])
def test_the_reference_model_solves_as_often_as_it_was_told(
    runs: Path, tmp_path: Path, ways: tuple[str, ...]
) -> None:
    code, summary, _ = run_benchmarks(
        tmp_path / "report.json", "benchmarks/test_basics.py",
        "--model", "reference:solve=0.6,seed=1", "--n-samples", "4", *ways,
    )  # fmt: skip
    assert code == 0
    assert summary["run"]["complete"] is True
    assert summary["run"]["image_digest"].startswith("sha256:")
    basics = summary["benchmarks"]["basics"]
    assert basics["errors"] == 0
    assert basics["pass@1"]["low"] <= 0.6 <= basics["pass@1"]["high"]


def test_directory_runs_skip_what_is_not_there(runs: Path, tmp_path: Path) -> None:
    code, summary, output = run_benchmarks(
        tmp_path / "report.json", "benchmarks/", "--model", "reference", "--limit", "2", "-rs"
    )
    assert code == 0
    assert list(summary["benchmarks"]) == ["basics"]
    assert "raw.githubusercontent.com/openai/human-eval" in output


@pytest.mark.parametrize("workers", ["0", "2", "8"])
def test_real_samples_get_the_verdicts_of_the_reference_harness(
    runs: Path, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch, workers: str
) -> None:
    """Five problems here, through the whole of pytest; all 3,280 in test_reference_verdicts."""
    monkeypatch.setenv("AIBENCH_DATA", str(data_dir))
    samples = data_dir / "generations" / "codegen16b_humaneval_20.jsonl.gz"
    code, summary, _ = run_benchmarks(
        tmp_path / "report.json", "benchmarks/test_humaneval.py", "--limit", "8",
        "--model", f"replay/{samples}", "--n-samples", "20", "-n", workers,
    )  # fmt: skip
    assert code == 0
    reference = json.loads((data_dir / "reference" / "codegen16b_humaneval_20.json").read_text())
    correct = reference["per_task_correct_as_published"]
    counted = summary["benchmarks"]["humaneval"]["problems"]
    assert counted == {task: {"n": 20, "c": correct[task]} for task in counted}
    assert len(counted) == 8


class Run:
    """An endless run in a process group of its own."""

    def __init__(self, folder: Path) -> None:
        (folder / "add.jsonl").write_text(json.dumps(PROBLEM))
        rows = [
            json.dumps({"task_id": "Add/0", "solution": f"# {i}\n{ENDLESS}"}) for i in range(99)
        ]
        (folder / "endless.jsonl").write_text("\n".join(rows))
        self.process = subprocess.Popen(
            command(
                str(ROOT / "benchmarks" / "test_problems.py"), "--rootdir", str(ROOT), "-n2",
                "--problems", "add.jsonl", "--model", "replay/endless.jsonl", "--n-samples", "99",
            ),
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def workers(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def kill(self, whom: str) -> None:
        send = os.killpg if whom == "all" else os.kill
        send(self.process.pid, signal.SIGKILL)


@pytest.fixture
def endless(tmp_path: Path, runs: Path) -> Iterator[Run]:
    run = Run(tmp_path)
    yield run
    if run.process.poll() is None:
        os.killpg(run.process.pid, signal.SIGKILL)
    run.process.wait()


def containers(client: Any, runs: Path) -> list[dict[str, Any]]:
    """Containers of the one run below `runs`."""
    run_id = next((folder.name for folder in runs.glob("*")), "none")
    found: list[dict[str, Any]] = client.api.containers(
        all=True, filters={"label": f"{LABEL}.run={run_id}"}
    )
    return found


def owners(client: Any, runs: Path) -> set[int]:
    """Processes that have a container running."""
    return {
        int(item["Labels"][f"{LABEL}.pid"])
        for item in containers(client, runs)
        if item["State"] == "running"
    }


def both_work(client: Any, runs: Path, run: Run) -> bool:
    return wait_until(lambda: owners(client, runs) == set(run.workers()) != set())


def none_is_left(client: Any, runs: Path) -> bool:
    return wait_until(lambda: not containers(client, runs))


@pytest.mark.parametrize("whom", ["all", "controller"])
def test_kill_9_leaves_no_container(client: Any, runs: Path, endless: Run, whom: str) -> None:
    assert both_work(client, runs, endless)
    endless.kill(whom)
    assert none_is_left(client, runs)


def test_kill_9_of_a_worker_leaves_only_containers_of_the_living(
    client: Any, runs: Path, endless: Run
) -> None:
    assert both_work(client, runs, endless)
    victim, survivor = endless.workers()
    os.kill(victim, signal.SIGKILL)
    assert wait_until(lambda: victim not in owners(client, runs))
    assert survivor in owners(client, runs)
    endless.kill("all")
    assert none_is_left(client, runs)
