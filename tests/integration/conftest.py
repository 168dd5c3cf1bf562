"""A toy benchmark that needs no sandbox: the replayed text itself decides how a sample ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

TOY = """
import os
import signal

import pytest_aibench as aibench

IDS = [f"Toy/{i}" for i in range(PROBLEM_COUNT)]
PROBLEMS = [aibench.Problem(id=i, prompt="", entry_point="f", test="") for i in IDS]


@aibench.benchmark("toy", problems=PROBLEMS)
def test_toy(sample):
    text = sample.reply.text
    if text == "boom":
        raise OSError("disk on fire")
    if text == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if text == "die once":
        flag = f"died-{sample.index}"
        if not os.path.exists(flag):
            open(flag, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
        text = "good"
    assert text == "good", "not good"
"""


class Toy:
    """Runs the toy benchmark in a pytest of its own."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.n_samples = 0

    def write(self, replies: Sequence[Sequence[str]]) -> None:
        """One list of replies a problem; all of one length."""
        self.n_samples = len(replies[0])
        rows = [
            {"task_id": f"Toy/{i}", "solution": text}
            for i, texts in enumerate(replies)
            for text in texts
        ]
        lines = "\n".join(json.dumps(row) for row in rows)
        (self.pytester.path / "replies.jsonl").write_text(lines)
        source = TOY.replace("PROBLEM_COUNT", str(len(replies)))
        (self.pytester.path / "test_toy.py").write_text(source)

    def run(self, *args: str) -> pytest.RunResult:
        """Run in a process of its own, the summary going to `report.json`."""
        return self.pytester.runpytest_subprocess(
            "--model", "replay/replies.jsonl", "--n-samples", str(self.n_samples),
            "--aibench-report", "report.json", *args,
        )  # fmt: skip

    def report(self) -> dict[str, Any]:
        """The summary of the last run."""
        content: dict[str, Any] = json.loads((self.pytester.path / "report.json").read_text())
        return content

    def samples(self) -> list[dict[str, Any]]:
        """The per-sample records of the last run."""
        lines = (self.pytester.path / "report.samples.jsonl").read_text().splitlines()
        return [row for row in map(json.loads, lines) if "problem" in row]


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a cache folder of its own."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("AIBENCH_CACHE", str(folder))
    return folder


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Its runs load no plugins of others that take longer than all else that starts."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:hypothesispytest -p no:anyio")
    return pytester


@pytest.fixture
def toy(pytester: pytest.Pytester) -> Callable[..., Toy]:
    """`toy(["good", "bad"], ["good", "good"])`: two problems with two samples each."""

    def make(*replies: Sequence[str]) -> Toy:
        made = Toy(pytester)
        made.write(replies)
        return made

    return make
