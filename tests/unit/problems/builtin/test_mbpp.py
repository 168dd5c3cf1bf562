from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pytest_aibench.problems import DataAbsent, Dataset, DataSource, get_benchmark
from pytest_aibench.problems.builtin import mbpp

BENCHMARK = get_benchmark("mbpp")


@pytest.fixture
def dataset(data_dir: Path, tmp_path: Path) -> Dataset:
    return BENCHMARK.load(DataSource(data_dir, tmp_path, allow_download=False))


def test_test_split_has_500_problems_in_order(dataset: Dataset) -> None:
    assert [problem.id for problem in dataset.problems] == [f"MBPP/{i}" for i in range(11, 511)]
    assert dataset.source == mbpp.FILE.url


def test_compressed_copy_and_published_file_are_the_same_data_set(
    dataset: Dataset, data_dir: Path, tmp_path: Path
) -> None:
    packed = (data_dir / "mbpp" / "mbpp.jsonl.gz").read_bytes()
    (tmp_path / "mbpp").mkdir()
    (tmp_path / "mbpp" / "mbpp.jsonl").write_bytes(gzip.decompress(packed))
    assert BENCHMARK.load(DataSource(tmp_path, tmp_path, allow_download=False)) == dataset
    assert dataset.digest == mbpp.FILE.sha256


def test_prompt_is_a_docstring_of_task_and_first_test(dataset: Dataset) -> None:
    for problem in dataset.problems:
        opening, *task, first_test, closing, end = problem.prompt.split("\n")
        assert (opening, closing, end) == ('"""', '"""', "")
        assert task
        assert problem.test.split("\n")[0] == first_test
        assert problem.entry_point in first_test


def test_setup_code_is_left_out_as_in_bigcode(dataset: Dataset) -> None:
    problem = next(problem for problem in dataset.problems if problem.id == "MBPP/367")
    assert "class Node" not in "".join(BENCHMARK.compose(problem, "", False))
    assert problem.test.startswith("assert is_tree_balanced(root)")


def test_program_is_prompt_code_and_asserts(dataset: Dataset) -> None:
    problem = dataset.problems[0]
    solution, tests = BENCHMARK.compose(problem, "pass", False)
    assert solution == problem.prompt + "pass"
    assert tests == "\n" + problem.test
    assert problem.test.count("\n") == 2


def test_stop_words_cut_what_bigcode_cuts(dataset: Dataset) -> None:
    # A class stands before its function: the only reference code that is cut.
    cut = {
        problem.id
        for problem in dataset.problems
        if any(word in (problem.canonical_solution or "") for word in BENCHMARK.stop)
    }
    assert cut == {"MBPP/342"}


def test_absent_data_name_the_public_address(tmp_path: Path) -> None:
    with pytest.raises(DataAbsent, match=r"Evaluation/MBPP/data/mbpp\.jsonl"):
        BENCHMARK.load(DataSource(tmp_path, tmp_path, allow_download=False))


def test_sanitized_problems_are_257_of_the_test_split(
    dataset: Dataset, data_dir: Path, tmp_path: Path
) -> None:
    source = DataSource(data_dir, tmp_path, allow_download=False)
    sanitized = get_benchmark("mbpp-sanitized").load(source)
    splits = json.loads((data_dir / "mbpp" / "mbpp_splits.json").read_text())
    ids = [int(problem.id.removeprefix("MBPP/")) for problem in sanitized.problems]
    assert ids == sorted(splits["sanitized_in_test"])
    assert {*sanitized.problems} < {*dataset.problems}
    assert sanitized.digest != dataset.digest
    assert get_benchmark("mbpp-sanitized").compose is BENCHMARK.compose
