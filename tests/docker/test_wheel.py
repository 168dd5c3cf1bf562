"""The built wheel is complete: plugin, benchmarks, the sandbox's files, outside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN_BENCHMARK = """
import pytest_aibench as aibench

PROBLEM = aibench.Problem(
    id="Mine/0",
    prompt="def add(a, b):\\n",
    entry_point="add",
    test="def check(candidate):\\n    assert candidate(1, 2) == 3\\n",
    canonical_solution="    return a + b\\n",
)


@aibench.benchmark("mine", problems=[PROBLEM])
def test_mine(sample, sandbox):
    assert aibench.__file__.startswith(INSTALLED)
    sandbox.check(sample)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel, as pip lays it out."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    target = folder / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True, capture_output=True)
    return target


def run(installed: Path, folder: Path, *args: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--model", "reference", "-v", *args],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(installed), "AIBENCH_CACHE": str(folder / "cache")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_test_file_in_an_empty_folder_runs_a_benchmark(
    installed: Path, tmp_path: Path, image: str
) -> None:
    source = OWN_BENCHMARK.replace("INSTALLED", repr(str(installed)))
    (tmp_path / "test_mine.py").write_text(source)
    assert "1 solved" in run(installed, tmp_path)


def test_the_benchmarks_run_by_their_package_name(
    installed: Path, tmp_path: Path, image: str
) -> None:
    output = run(installed, tmp_path, "--pyargs", "pytest_aibench.benchmarks.test_basics")
    assert "50 solved" in output
