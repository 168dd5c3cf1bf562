from __future__ import annotations

from pathlib import Path

import pytest

from pytest_aibench.errors import DataError
from pytest_aibench.problems import DataAbsent, DataSource, get_benchmark
from pytest_aibench.problems.builtin import humaneval

BENCHMARK = get_benchmark("humaneval")


def test_published_file_has_164_problems_in_order(data_dir: Path, tmp_path: Path) -> None:
    dataset = BENCHMARK.load(DataSource(data_dir, tmp_path, allow_download=False))
    assert [problem.id for problem in dataset.problems] == [f"HumanEval/{i}" for i in range(164)]
    assert dataset.digest == humaneval.FILE.sha256
    assert dataset.source == humaneval.FILE.url
    assert all(problem.canonical_solution for problem in dataset.problems)
    assert {problem.language for problem in dataset.problems} == {"python"}


def test_no_stop_word_cuts_a_canonical_solution(data_dir: Path, tmp_path: Path) -> None:
    dataset = BENCHMARK.load(DataSource(data_dir, tmp_path, allow_download=False))
    for problem in dataset.problems:
        assert not any(word in (problem.canonical_solution or "") for word in BENCHMARK.stop)


def test_absent_data_name_the_public_address(tmp_path: Path) -> None:
    with pytest.raises(DataAbsent, match="/openai/human-eval/6d43fb98"):
        BENCHMARK.load(DataSource(tmp_path, tmp_path, allow_download=False))


def test_altered_data_are_refused(tmp_path: Path) -> None:
    (tmp_path / "humaneval").mkdir()
    (tmp_path / "humaneval" / "HumanEval.jsonl.gz").write_bytes(b"{}")
    with pytest.raises(DataError, match="expected b796127e"):
        BENCHMARK.load(DataSource(tmp_path, tmp_path))
