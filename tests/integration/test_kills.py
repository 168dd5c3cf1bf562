"""`kill -9` of the whole run against a hostile server: the next run goes on, to the same Pass@K."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.openai import OpenAIStandIn
from tests.servers.replies import goodness, stored_texts
from tests.servers.stand_in import Fault, Reset, Stall, Status, Truncated

SOURCE = """
import pytest_aibench as aibench

PROBLEMS = [
    aibench.Problem(id=f"P/{i}", prompt=f"def f{i}():\\n", entry_point="f", test="")
    for i in range(8)
]


@aibench.benchmark("served", problems=PROBLEMS)
def test_served(sample):
    assert sample.reply.text.endswith("good")
"""
FAULTS: list[Fault | None] = [
    None,
    None,
    None,
    Status(429, b"{}", {"Retry-After": "0.05"}),
    Status(503, b"busy"),
    Reset(),
    Truncated(),
    Stall(0.3),
]
KILLED: tuple[tuple[str, ...], ...] = ((), ("-n2",))


@pytest.fixture
def server() -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn(latency=0.05) as running:
        running.words = goodness
        yield running


def test_a_run_that_was_killed_ends_as_if_it_had_not_been(
    pytester: pytest.Pytester, server: OpenAIStandIn, own_cache: Path
) -> None:
    pytester.makepyfile(test_served=SOURCE)
    undisturbed = _finish(pytester, _start(pytester, server, "--no-cache"))
    asked = _posts(server)
    assert len(asked) == len(set(asked)) == 80
    dice = random.Random(2)
    server.faults.extend(dice.choice(FAULTS) for _ in range(40))
    stored: set[str] = set()
    for ways in KILLED:
        before = len(server.asked)
        run = _start(pytester, server, *ways)
        _wait_for_replies(server, before, run)
        time.sleep(dice.uniform(0.0, 0.3))
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        assert not stored & set(_posts(server, before)), "a stored reply was asked for again"
        stored = set(stored_texts(own_cache))
    before = len(server.asked)
    resumed = _finish(pytester, _start(pytester, server, "-n2"))
    assert 0 < len(stored) < 80
    assert set(_posts(server, before)) == set(asked) - stored
    assert resumed["errors"] == 0
    for fact in ("samples", "pass@1", "pass@10", "problems"):
        assert resumed[fact] == undisturbed[fact]


def _start(pytester: pytest.Pytester, server: OpenAIStandIn, *args: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable, "-m", "pytest", "--model", "openai/m", "--base-url", server.url,
            "--n-samples", "10", "--seed", "1", "--concurrency", "4",
            "--aibench-report", "report.json", *args,
        ],
        cwd=pytester.path,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip


def _finish(pytester: pytest.Pytester, run: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert run.wait(timeout=120) == 0
    summary = json.loads((pytester.path / "report.json").read_text())
    served: dict[str, Any] = summary["benchmarks"]["served"]
    return served


def _posts(server: OpenAIStandIn, start: int = 0) -> list[str]:
    """The replies that were asked for, by their texts."""
    return [goodness(asked.body) for asked in server.asked[start:] if asked.method == "POST"]


def _wait_for_replies(server: OpenAIStandIn, before: int, run: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while len(_posts(server, before)) < 12:
        assert run.poll() is None, "it ended before it was killed"
        assert time.monotonic() < end
        time.sleep(0.01)
