"""What the controller needs for 32,800 samples (HumanEval, n = 200) with eight workers."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

__all__ = ["measure_size"]

SAMPLES = 200
WORKERS = 8


def measure_size(data: Path, work: Path, own: Path) -> None:
    """Print the controller's largest memory and its CPU time an item.

    Canonical solutions are executed once a worker and remembered, so that the machine's time goes
    into pytest and the plugin.
    """
    process = subprocess.Popen(
        [
            str(own), "-m", "pytest", "benchmarks/test_humaneval.py", "--model", "reference",
            "--n-samples", str(SAMPLES), "-n", str(WORKERS), "--no-cache",
            "--aibench-report", str(work / "size.json"),
        ],
        env={**os.environ, "AIBENCH_DATA": str(data)},
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    peak, cpu = 0.0, 0.0
    begun = time.monotonic()
    while process.poll() is None:
        peak, cpu = _observe(process.pid, peak, cpu)
        time.sleep(0.05)
    wall = time.monotonic() - begun
    items = 164 * SAMPLES
    print(f"\n{items:,} items, -n {WORKERS}: {wall:.0f} s wall")
    print(f"  controller      {peak:6.0f} MB    {cpu / items * 1e6:6.0f} us of CPU an item")


def _observe(pid: int, peak: float, cpu: float) -> tuple[float, float]:
    """Largest resident memory in MB and CPU seconds so far of process `pid` alone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        times = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return peak, cpu
    lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    ticks = os.sysconf("SC_CLK_TCK")
    used = (int(times[11]) + int(times[12])) / ticks
    return max(peak, int(lines.get("VmHWM", "0 kB").split()[0]) / 1024), max(cpu, used)
