from __future__ import annotations

from pathlib import Path

import pytest

from pytest_aibench.problems import Dataset, DataSource, get_benchmark

SIZES = {"cpp": 161, "java": 158, "js": 161}


@pytest.fixture(params=SIZES)
def short(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def dataset(short: str, data_dir: Path, tmp_path: Path) -> Dataset:
    source = DataSource(data_dir, tmp_path, allow_download=False)
    return get_benchmark(f"multipl-e-{short}").load(source)


def test_published_file_has_its_problems(dataset: Dataset, short: str) -> None:
    assert len(dataset.problems) == SIZES[short]
    assert dataset.problems[0].id == "HumanEval_23_strlen"
    assert all(problem.canonical_solution is None for problem in dataset.problems)


def test_entry_point_is_what_the_tests_call(dataset: Dataset) -> None:
    for problem in dataset.problems:
        assert problem.entry_point in problem.test


def test_completion_that_was_cut_makes_the_references_program(dataset: Dataset, short: str) -> None:
    benchmark = get_benchmark(f"multipl-e-{short}")
    body = "    return null;\n}\n" if short == "js" else "    return 0;"
    for problem in dataset.problems:
        expected = (problem.prompt + body, problem.test)
        assert benchmark.compose(problem, body, False) == expected


def test_whole_solution_closes_what_the_tests_would(dataset: Dataset, short: str) -> None:
    benchmark = get_benchmark(f"multipl-e-{short}")
    ends = {"cpp": "\n}\n", "java": "\n    }\n}\n", "js": "\n}\n"}
    cut = {"cpp": ends["cpp"], "java": "\n    }\n", "js": ends["js"]}
    for problem in dataset.problems:
        whole = f"{problem.prompt}    return 0;{ends[short]}"
        solution, tests = benchmark.compose(problem, whole, True)
        assert solution == f"{problem.prompt}    return 0;{cut[short]}"
        assert tests.strip().removeprefix("}").strip() in problem.test
        assert short == "js" or not tests.lstrip().startswith("}")


def test_rules_are_those_of_its_evaluation() -> None:
    java = get_benchmark("multipl-e-java").rules
    assert (java.main_class, java.enable_assertions) == ("Problem", True)
    assert get_benchmark("multipl-e-cpp").rules.std == "c++17"
    assert not get_benchmark("multipl-e-js").rules.silent_pass
