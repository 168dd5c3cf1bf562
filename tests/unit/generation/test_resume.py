"""A run that is killed goes on where it stopped: the store and the broker together."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.servers.openai import OpenAIStandIn
from tests.servers.stand_in import Fault, Reset, Stall, Status, Truncated

REQUESTS = 400
RUN = """
import sys
from pathlib import Path
from pytest_aibench.generation.controller import GenerationService, GenerationSettings
from pytest_aibench.models.base import Request, Sampling
from pytest_aibench.models.retry import RetryPolicy
from pytest_aibench.problems.problem import Problem

url, folder, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
problem = Problem("p", "", "f", "")
plan = [Request("b", problem, i % 5, f"{i // 5}", True, Sampling()) for i in range(count)]
settings = GenerationSettings(4, folder, RetryPolicy(attempts=50, base=0.001, longest_wait=0.01))
service = GenerationService.start("openai/m", settings, base_url=url)
service.plan(plan)
generator = service.generator()
texts = [generator.reply(request).text for request in plan]
service.close()
print(len(texts), service.usage["b"].requests)
"""
FAULTS: list[Fault] = [
    Status(429, b"{}", {"Retry-After": "0.02"}),
    Status(503, b"busy"),
    Reset(),
    Truncated(),
    Stall(0.05),
]


@pytest.mark.parametrize("faulty", [False, True], ids=["sound server", "faulty server"])
def test_ten_kills_cost_no_reply_that_had_arrived(
    tmp_path: Path, faulty: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    dice = random.Random(1)
    kills: list[float] = []
    with OpenAIStandIn(latency=0.03) as server:
        if faulty:
            server.faults.extend(dice.choice([None, *FAULTS]) for _ in range(300))
        for _ in range(10):
            before = len(server.answered)
            run = _start(server.url, tmp_path)
            _wait_for_first_answer(server, before, run)
            time.sleep(dice.uniform(0.05, 0.3))
            os.killpg(run.pid, signal.SIGKILL)
            kills.append(time.monotonic())
            run.communicate()
        out, _ = _start(server.url, tmp_path).communicate(timeout=60)
        sent = [(at, asked) for at, asked in server.answered if asked.method == "POST"]
    asked_last = int(out.split()[1])
    assert out.split()[0] == str(REQUESTS)
    assert 0 < asked_last < REQUESTS
    # A reply that was on its way when the process died had not arrived; four were in flight.
    arrived = [a.body["messages"][0]["content"] for at, a in sent if not _on_its_way(at, kills)]
    assert Counter(arrived).most_common(1)[0][1] <= 5  # five samples of each prompt
    assert len(arrived) <= REQUESTS <= len(sent) <= REQUESTS + 10 * 4


def _start(url: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, url, str(folder), str(REQUESTS)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _wait_for_first_answer(server: OpenAIStandIn, before: int, run: subprocess.Popen[str]) -> None:
    # The first answer is that of /v1/models.
    end = time.monotonic() + 20
    while len(server.answered) < before + 2:
        assert run.poll() is None, "it ended before it was killed"
        assert time.monotonic() < end
        time.sleep(0.005)


def _on_its_way(at: float, kills: list[float]) -> bool:
    return any(kill - 0.15 < at < kill + 0.15 for kill in kills)
