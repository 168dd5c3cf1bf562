from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.errors import DataError
from pytest_aibench.problems import DataAbsent, DataSource, get_benchmark
from pytest_aibench.problems.builtin import ds1000, ds1000_judge
from pytest_aibench.profiles import get_profile
from tests.data import data_file
from tests.ds1000_rows import ROWS, load, write_rows

COUNTS = {"numpy": 220, "pandas": 291, "scipy": 106, "sklearn": 115, "matplotlib": 155}


def test_a_problem_has_all_that_its_program_needs(tmp_path: Path) -> None:
    first, second = load(tmp_path, "ds1000-numpy-completion")
    assert (first.id, first.task, first.executed_as) == (
        "DS-1000/numpy/0", "write", "python-data",
    )  # fmt: skip
    assert first.prompt.endswith("BEGIN SOLUTION\n<code>\n")
    facts = json.loads(first.test)
    assert sorted(facts["files"]) == ["input/input1.pkl", "input/input2.pkl"]
    assert (facts["cases"], len(facts["answers"]), facts["judges_text"]) == (2, 2, False)
    assert json.loads(second.test)["judges_text"]


def test_answers_come_after_the_solution(tmp_path: Path) -> None:
    (problem,) = load(tmp_path, "ds1000-matplotlib-completion")
    facts = json.loads(problem.test)
    assert list(facts["hidden"]) == ["ans/oracle_plot.png"]
    solution, tests = get_benchmark("ds1000-matplotlib-completion").compose(problem, "pass", True)
    for secret in (facts["hidden"]["ans/oracle_plot.png"], "get_color"):
        assert secret not in solution
        assert secret in tests


def test_a_function_is_whole_before_the_tests(tmp_path: Path) -> None:
    (problem,) = load(tmp_path, "ds1000-numpy-insertion")
    code = problem.canonical_solution or ""
    solution, tests = get_benchmark("ds1000-numpy-insertion").compose(problem, code, True)
    assert "return result" in solution
    assert "return result" not in tests
    assert "result = f(a)" in tests


def test_figures_stay_open(tmp_path: Path) -> None:
    (problem,) = load(tmp_path, "ds1000-matplotlib-completion")
    code = "plt.plot([1])\nplt.savefig('x')\nplt.show()"
    solution, _ = get_benchmark("ds1000-matplotlib-completion").compose(problem, code, True)
    assert "plt.plot([1])" in solution
    assert "show" not in solution
    assert "savefig" not in solution


@pytest.mark.parametrize(
    ("profile", "text", "code"),
    [
        ("aibench", "    x = 1\n</code>\nmore", "    x = 1\n"),
        ("aibench", "x = 1\n# SOLUTION END\n</code>", "x = 1\n"),
        ("bigcode", "    x = 1\n</code>\nmore", "x = 1"),
        ("bigcode", "x\n# SOLUTION START\ny\n", "y"),
    ],
)
def test_a_continuation_is_cut(profile: str, text: str, code: str, tmp_path: Path) -> None:
    problem, _ = load(tmp_path, "ds1000-numpy-completion")
    finish = get_profile(profile).adapt(get_benchmark("ds1000-numpy-completion")).finish
    assert finish is not None
    assert finish(problem, text) == code


@pytest.mark.parametrize("name", [b.name for b in ds1000.BENCHMARKS])
def test_absent_data_name_address_and_folder(name: str, tmp_path: Path) -> None:
    source = DataSource(tmp_path / "data", tmp_path / "cache", allow_download=True)
    place = re.escape(str(tmp_path / "cache" / "ds1000" / "ds1000_data.zip"))
    with pytest.raises(DataAbsent, match=f"HKUNLP/DS-1000/.*{place}.*AIBENCH_DATA"):
        get_benchmark(name).load(source)


@pytest.mark.parametrize(
    "rows",
    [
        {"Numpy/Completion/q0": {"prompt.txt": ""}},
        {"Numpy/Completion/q0": {**ROWS["Numpy/Completion/q0"], ".cfg": "[test]\n"}},
        {"Pandas/Completion/q0": {}},
    ],
)
def test_other_content_is_refused(rows: Any, tmp_path: Path) -> None:
    source = write_rows(tmp_path, rows)
    with pytest.raises(DataError, match=r"ds1000_data\.zip: "):
        get_benchmark("ds1000-numpy-completion").load(source)


def test_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ds1000").mkdir()
    (tmp_path / "ds1000" / "ds1000_data.zip").write_text("no archive")
    source = DataSource(tmp_path, tmp_path, allow_download=False)
    with pytest.raises(DataError, match="not the published file"):
        get_benchmark("ds1000-numpy-completion").load(source)


def test_leaves_are_the_words_of_the_code() -> None:
    leaves = ds1000_judge._leaves("x = [f(1)]  # for\nif x:\n    y = 'for'\n")
    assert "f" in leaves
    assert "if" in leaves
    assert "'for'" in leaves
    assert "for" not in leaves
    with pytest.raises(SyntaxError):
        ds1000_judge._leaves("x = (")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("x = 1\nprint(x)\ny = 2", "x = 1\ny = 2"),
        ("print(1)\nprint(2)\nx", "print(2)\nx"),
        ("x = 1  # print", ""),
        ("#print#", "#print#"),
    ],
)
def test_lines_that_print_are_left_out_as_there(text: str, left: str) -> None:
    assert ds1000_judge._without_prints(text) == left


@pytest.mark.parametrize("library", COUNTS)
@pytest.mark.parametrize("mode", ["completion", "insertion"])
def test_published_file(library: str, mode: str, tmp_path: Path) -> None:
    if (library, mode) == ("matplotlib", "insertion"):
        pytest.skip("BigCode has none")
    folder = data_file("ds1000/ds1000_data.zip").parents[1]
    benchmark = get_benchmark(f"ds1000-{library}-{mode}")
    found = benchmark.load(DataSource(folder, tmp_path, allow_download=False)).problems
    assert len(found) == COUNTS[library]
    for problem in found:
        solution, tests = benchmark.compose(problem, problem.canonical_solution or "", True)
        compile(solution, problem.id, "exec")
        compile(tests, problem.id, "exec")
