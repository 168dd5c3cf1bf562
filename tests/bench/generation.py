"""Requests in flight: 3,280 samples from a slow server, against what no client could beat.

    python tests/bench/generation.py [--workers 8] [--dist worksteal] [--scale 1.0]

A server of this machine answers each request after 0.5 to 2 s, 64 at a time. The ideal is the sum
of all latencies divided by 64, without start-up or any other work. Nothing is executed: what the
sandbox costs is measured elsewhere.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.servers.openai import OpenAIStandIn  # noqa: E402
from tests.servers.replies import goodness  # noqa: E402
from tests.servers.stand_in import Asked  # noqa: E402

SLOTS = 64
SOURCE = """
import pytest_aibench as aibench

PROBLEMS = [
    aibench.Problem(id=f"P/{i}", prompt=f"def f{i}():\\n", entry_point="f", test="")
    for i in range(164)
]


@aibench.benchmark("served", problems=PROBLEMS)
def test_served(sample):
    assert sample.reply.text.endswith("good")
"""


class SlowServer(OpenAIStandIn):
    """Replies that are known from the request; `scale` multiplies every latency."""

    def __init__(self, scale: float) -> None:
        super().__init__()
        self.scale = scale
        self.room = asyncio.Semaphore(SLOTS)
        self.waited = 0.0
        self.times: list[float] = []
        self.words = goodness

    async def delay(self, asked: Asked) -> None:
        if asked.method != "POST":
            return
        async with self.room:
            seconds = random.Random(str(asked.body)).uniform(0.5, 2.0) * self.scale
            self.waited += seconds
            await asyncio.sleep(seconds)
        self.times.append(time.time())


def run(server: SlowServer, folder: Path, *args: str) -> tuple[float, dict[str, Any]]:
    """Seconds of a whole run, and its summary."""
    (folder / "test_served.py").write_text(SOURCE)
    report = folder / "report.json"
    began = time.time()
    subprocess.run(
        [
            sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_served.py",
            "--model", "openai/m", "--base-url", server.url, "--n-samples", "20", "--seed", "1",
            "--concurrency", str(SLOTS), "--aibench-report", str(report), *args,
        ],
        env={**os.environ, "AIBENCH_CACHE": str(folder), "PYTHONPATH": str(ROOT)},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        check=True,
    )  # fmt: skip
    return time.time() - began, json.loads(report.read_text())


def tell(what: str, server: SlowServer, began: float, seconds: float, summary: Any) -> None:
    served = summary["benchmarks"]["served"]
    print(f"{what}: {seconds:.1f} s, {len(server.times)} requests, ", end="")
    if server.times:
        ideal = server.waited / SLOTS
        print(
            f"{seconds / ideal:.3f} of the ideal {ideal:.1f} s; replies from "
            f"{min(server.times) - began:.1f} s to {max(server.times) - began:.1f} s, ",
            end="",
        )
    print(f"pass@1 {served['pass@1']['value']}, load {os.getloadavg()[0]:.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=8, help="pytest's -n (default: 8)")
    parser.add_argument("--dist", default="worksteal", help="xdist's --dist (default: worksteal)")
    parser.add_argument("--scale", type=float, default=1.0, help="of all latencies (default: 1)")
    arguments = parser.parse_args()
    ways = [f"-n{arguments.workers}", f"--dist={arguments.dist}"] if arguments.workers else []
    with (
        tempfile.TemporaryDirectory(prefix="aibench-bench-") as folder,
        SlowServer(arguments.scale) as server,
    ):
        for what in ("cold", "warm"):
            server.times, server.waited = [], 0.0
            began = time.time()
            seconds, summary = run(server, Path(folder), *ways)
            tell(f"{what} {' '.join(ways)}", server, began, seconds, summary)


if __name__ == "__main__":
    main()
