from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.errors import DataError
from pytest_aibench.problems import Benchmark, DataAbsent, DataSource, Problem, get_benchmark
from pytest_aibench.problems.builtin import apps_judge
from pytest_aibench.problems.builtin.apps_programs import as_function
from pytest_aibench.profiles import get_profile
from tests.apps_rows import MOST, ROWS, SUM, write_rows
from tests.data import data_file


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGPROF)
    yield
    signal.signal(signal.SIGPROF, before)


@pytest.fixture
def source(tmp_path: Path) -> DataSource:
    return write_rows(tmp_path)


def problems(source: DataSource, level: str) -> tuple[Benchmark, tuple[Problem, ...]]:
    benchmark = get_benchmark(f"apps-{level}")
    return benchmark, benchmark.load(source).problems


def run(benchmark: Benchmark, problem: Problem, code: str) -> None:
    solution, tests = benchmark.compose(problem, code, True)
    exec(f"{solution}\n{tests}", {})


def test_a_level_has_its_own_problems_and_their_first_solutions(source: DataSource) -> None:
    _, (total, most) = problems(source, "introductory")
    assert (total.id, total.entry_point, total.task) == ("APPS/7", "", "write")
    assert (most.id, most.entry_point) == ("APPS/8", "most")
    assert total.canonical_solution == json.loads(SUM["solutions"])[0]
    _, (untested,) = problems(source, "interview")
    assert (untested.id, untested.canonical_solution) == ("APPS/9", None)
    assert problems(source, "competition")[1] == ()


def test_prompts_are_those_of_bigcode(source: DataSource) -> None:
    _, (total, most) = problems(source, "introductory")
    assert total.prompt == ("\nQUESTION:\nSolve problem 7.\n\nUse Standard Input format\nANSWER:\n")
    assert most.prompt == (
        f"\nQUESTION:\nSolve problem 8.\n{MOST['starter_code']}\nUse Call-Based format\nANSWER:\n"
    )


def test_solutions_pass_and_others_do_not(source: DataSource) -> None:
    benchmark, (total, most) = problems(source, "introductory")
    for problem in (total, most):
        run(benchmark, problem, problem.canonical_solution or "")
    with pytest.raises(AssertionError, match="wrong for input 1"):
        run(benchmark, total, "print(3)")
    with pytest.raises(AssertionError, match="wrong for input 0"):
        run(benchmark, most, "def most(xs):\n    return min(xs), max(xs)")


def test_digest_is_of_the_whole_file(tmp_path: Path, source: DataSource) -> None:
    first = get_benchmark("apps-interview").load(source)
    path = source.data_dir / "apps" / "test.jsonl" if source.data_dir else tmp_path
    path.write_text("\n".join(json.dumps(row) for row in ROWS[:2]))
    second = get_benchmark("apps-interview").load(source)
    assert first.digest != second.digest
    assert [p.id for p in first.problems] == [p.id for p in second.problems]


@pytest.mark.parametrize("name", ["apps-introductory", "apps-interview", "apps-competition"])
def test_absent_data_name_address_and_folder(name: str, tmp_path: Path) -> None:
    source = DataSource(tmp_path / "data", tmp_path / "cache", allow_download=True)
    pattern = (
        "never downloaded by itself.*codeparrot/apps/.*"
        + re.escape(str(tmp_path / "cache" / "apps" / "test.jsonl"))
        + ".*AIBENCH_DATA"
    )
    with pytest.raises(DataAbsent, match=pattern):
        get_benchmark(name).load(source)


@pytest.mark.parametrize(
    "change",
    [
        {"solutions": None, "problem_id": "a[b]"},
        {"input_output": '{"fn_name"'},
        {"solutions": "x"},
        {"question": "\ud800"},
    ],
)
def test_a_malformed_row_is_named(tmp_path: Path, change: dict[str, Any]) -> None:
    source = write_rows(tmp_path, [MOST, {**SUM, **change}])
    with pytest.raises(DataError, match=r"test\.jsonl, line 2: no row of APPS"):
        get_benchmark("apps-introductory").load(source)


def test_a_program_becomes_the_body_of_a_function() -> None:
    assert as_function("import os\nx = 1\nimport sys\nprint(x)") == (
        "import os\nstdin = sys.stdin\nstdout = sys.stdout\ndef code():\n"
        "\tx = 1\n\timport sys\n\tprint(x)\n"
    )


def test_bigcode_begins_a_candidate_with_the_end_of_the_prompt(source: DataSource) -> None:
    benchmark, (total, _) = problems(source, "introductory")
    finish = get_profile("bigcode").adapt(benchmark).finish
    assert finish is not None
    assert finish(total, "from os import *") == "\nfrom os import *"
    solution, _ = benchmark.compose(total, finish(total, "from os import *"), True)
    with pytest.raises(SyntaxError, match=r"import \* only allowed at module level"):
        compile(solution, "solution", "exec")


@pytest.mark.parametrize(
    ("printed", "expected", "right"),
    [
        ("3\n", "3", True),
        (" 3 \n\n", "3\n", True),
        ("1 2 \n 3", "1 2\n3", True),
        ("1\n\n2\n", "1\n2\n", True),
        ("1.000001\n2", "1\n2", True),
        ("1.0001\n2", "1\n2", True),
        ("1.001\n2", "1\n2", False),
        ("1000000.001", "1000000", True),
        ("inf\n1", "inf\n1.0", True),
        ("2\n1", "1\n2", True),
        ("2 1", "1 2", True),
        ("1 1 2", "1 2", True),
        ("1 2.0", "1 2", True),
        ("a b", "b a c", False),
        ("", "", True),
        ("", "0", False),
        ("nan", "nan", True),
        ("nan x", "x nan", True),
        ("nan 1.0", "1 nan", False),
    ],
)
def test_what_is_printed_may_differ_in_form(printed: str, expected: str, right: bool) -> None:
    assert apps_judge._is_printed(printed, expected) is right


@pytest.mark.parametrize(
    ("returned", "expected", "right"),
    [
        ((1, 2), [1, 2], True),
        ([1], [[1]], True),
        (1, [1], True),
        ([(1, 2)], [[[1, 2]]], True),
        ([(1, 2)], [[1, 2]], False),
        ({1: 2}, {"1": 2}, True),
        ({1: 2}, [{"1": 2}], True),
        ({"x": 2}, {"x": 2}, True),
        (1.0, 1, True),
        (1.0000001, 1, False),
        (None, [], False),
    ],
)
def test_what_is_returned_may_differ_in_form(returned: Any, expected: Any, right: bool) -> None:
    assert bool(apps_judge._is_returned(returned, apps_judge._expected(expected))) is right


def test_an_input_has_four_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps_judge, "_SECONDS", 0.01)

    def endless(_: str) -> str:
        while True:
            pass

    with pytest.raises(TimeoutError):
        apps_judge.check_printed(endless, json.dumps({"inputs": [""], "outputs": [""]}))


@pytest.mark.parametrize(
    ("level", "count"), [("introductory", 1000), ("interview", 3000), ("competition", 1000)]
)
def test_published_file(level: str, count: int, tmp_path: Path) -> None:
    folder = data_file("apps/test.jsonl").parents[1]
    benchmark, found = problems(DataSource(folder, tmp_path, allow_download=False), level)
    assert len(found) == count
    solution, tests = benchmark.compose(found[0], found[0].canonical_solution or "", True)
    compile(solution, "solution", "exec")
    compile(tests, "tests", "exec")
