"""The files that users run and copy are as short as the documentation says."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_aibench.problems import get_benchmark

FILES = sorted((Path(__file__).parents[3] / "benchmarks").glob("test_*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_declares_a_registered_benchmark_in_about_five_lines(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if line.strip()]
    assert len(lines) <= 6
    name = path.stem.removeprefix("test_")
    assert f'@aibench.benchmark("{name}")' in lines
    assert get_benchmark(name).name == name
