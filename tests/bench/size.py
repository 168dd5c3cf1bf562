"""What the controller needs for 32,800 samples (HumanEval, n = 200) with eight workers.

Beside it stands what pytest and xdist need for as many parametrised functions that do nothing: the
machine's speed of the hour is in both figures, and not in their ratio.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

__all__ = ["measure_size"]

SAMPLES = 200
ITEMS = 164 * SAMPLES
WORKERS = 8
PLAIN = f"""
import pytest

@pytest.mark.parametrize("number", range({ITEMS}))
def test_nothing(number):
    pass
"""


def measure_size(data: Path, work: Path, own: Path) -> None:
    """Print the controller's largest memory and its CPU time an item, of both.

    Canonical solutions are executed once a worker and remembered, and not by the controller before
    that, so that the time goes into pytest and the plugin.
    """
    plain = work / "test_plain.py"
    plain.write_text(PLAIN)
    report = str(work / "size.json")
    ours = ["benchmarks/test_humaneval.py", "--model", "reference", "--n-samples", str(SAMPLES)]
    print(f"\n{ITEMS:,} items, -n {WORKERS}: what the controller needs")
    apart = ["--no-cache", "--no-preflight", "--aibench-report", report]
    own_cpu = _print("samples", own, [*ours, *apart], data)
    peer_cpu = _print("functions", own, [str(plain), "-c", os.devnull, "--dist", "worksteal"], data)
    print(f"  {'ratio':12}            {own_cpu / peer_cpu:6.2f}")


def _print(name: str, own: Path, arguments: list[str], data: Path) -> float:
    """Run pytest with `arguments` and print what its controller used; its CPU seconds."""
    process = subprocess.Popen(
        [str(own), "-m", "pytest", "-n", str(WORKERS), *arguments],
        env={**os.environ, "AIBENCH_DATA": str(data)},
        stdout=subprocess.DEVNULL,
    )
    peak, cpu = 0.0, 0.0
    begun = time.monotonic()
    while process.poll() is None:
        peak, cpu = _observe(process.pid, peak, cpu)
        time.sleep(0.05)
    wall = time.monotonic() - begun
    each = cpu / ITEMS * 1e6
    print(
        f"  {name:12} {peak:6.0f} MB    {each:6.0f} us of CPU an item    {wall:4.0f} s", flush=True
    )
    return cpu


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
