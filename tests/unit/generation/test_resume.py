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
from typing import Any

import pytest

from pytest_aibench.scoring.passk import mean_pass_at_k
from tests.servers.openai import OpenAIStandIn
from tests.servers.replies import goodness, stored_texts
from tests.servers.stand_in import Fault, Reset, Stall, Status, Truncated

PROBLEMS, SAMPLES = 80, 5
REQUESTS = PROBLEMS * SAMPLES
RUN = """
import sys
from pathlib import Path
from pytest_aibench.generation.controller import GenerationService, GenerationSettings
from pytest_aibench.models.base import Request, Sampling
from pytest_aibench.models.retry import RetryPolicy
from pytest_aibench.problems.problem import Problem

url, folder, problems, samples = sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:])
problem = Problem("p", "", "f", "")
plan = [
    Request("b", problem, j, f"{i}", True, Sampling(seed=j))
    for i in range(problems) for j in range(samples)
]
settings = GenerationSettings(4, folder, RetryPolicy(attempts=50, base=0.001, longest_wait=0.01))
service = GenerationService.start("openai/m,timeout=4", settings, base_url=url)
service.plan(plan)
generator = service.generator()
texts = [generator.reply(request).text for request in plan]
service.close()
print(service.usage["b"].requests, *texts, sep="\\n")
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
        server.words = goodness
        if faulty:
            server.faults.extend(dice.choice([None, *FAULTS]) for _ in range(300))
            server.faults[250] = Stall(30.0)  # longer than the time-out: the last run meets it
        for _ in range(10):
            before = len(server.answered)
            run = _start(server.url, tmp_path)
            _wait_for_first_answer(server, before, run)
            time.sleep(dice.uniform(0.05, 0.3))
            os.killpg(run.pid, signal.SIGKILL)
            kills.append(time.monotonic())
            run.communicate()
        stored, asked_before = stored_texts(tmp_path), len(server.asked)
        out, _ = _start(server.url, tmp_path).communicate(timeout=60)
        sent = [(at, asked) for at, asked in server.answered if asked.method == "POST"]
        asked_again = {goodness(a.body) for a in server.asked[asked_before:] if a.method == "POST"}
    asked_last, *texts = out.splitlines()
    assert 0 < int(asked_last) < REQUESTS
    assert texts == UNDISTURBED
    assert _pass_at_k(texts) == _pass_at_k(UNDISTURBED)
    assert stored
    assert not asked_again & set(stored)
    # A reply that was on its way when the process died had not arrived; four were in flight.
    arrived = [goodness(a.body) for at, a in sent if not _on_its_way(at, kills)]
    assert Counter(arrived).most_common(1)[0][1] == 1
    assert len(arrived) <= REQUESTS <= len(sent) <= REQUESTS + 10 * 4


def _body(prompt: str, seed: int) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": prompt}], "seed": seed}


UNDISTURBED = [goodness(_body(f"{i}", j)) for i in range(PROBLEMS) for j in range(SAMPLES)]


def _pass_at_k(texts: list[str]) -> list[float]:
    """Pass@1 and Pass@5 of replies in the order of the plan."""
    passed = [text.endswith("good") for text in texts]
    counts = [(SAMPLES, sum(passed[i : i + SAMPLES])) for i in range(0, len(passed), SAMPLES)]
    return [mean_pass_at_k(counts, k) for k in (1, SAMPLES)]


def _start(url: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, url, str(folder), str(PROBLEMS), str(SAMPLES)],
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
