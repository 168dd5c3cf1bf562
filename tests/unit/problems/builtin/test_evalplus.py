from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.problems import Benchmark, DataAbsent, Dataset, DataSource, get_benchmark
from pytest_aibench.problems.builtin import mbpp_plus
from pytest_aibench.problems.problem import Problem
from tests.data import data_file
from tests.evalplus_rows import ABSOLUTE, WIDEST, load_rows

FILES = {
    "humaneval-plus": "evalplus/HumanEvalPlus.jsonl.gz",
    "mbpp-plus": "evalplus/MbppPlus.jsonl.gz",
}


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGPROF)
    yield
    signal.signal(signal.SIGPROF, before)


def run(benchmark: Benchmark, problem: Problem, code: str) -> None:
    solution, tests = benchmark.compose(problem, code, True)
    exec(f"{solution}\n{tests}", {})


@pytest.fixture
def loaded(tmp_path: Path) -> tuple[tuple[Benchmark, Dataset], tuple[Benchmark, Dataset]]:
    return load_rows(tmp_path)


def test_canonical_solutions_pass(loaded: Any) -> None:
    for benchmark, dataset in loaded:
        for problem in dataset.problems:
            run(benchmark, problem, problem.prompt + problem.canonical_solution)


def test_plus_tests_include_the_base_tests(loaded: Any) -> None:
    (plus, plus_data), (base, base_data) = loaded
    right_on_base = ABSOLUTE.prompt + "    return x if x > -5 else 0\n"
    run(base, base_data.problems[0], right_on_base)
    with pytest.raises(AssertionError, match="wrong for input 2"):
        run(plus, plus_data.problems[0], right_on_base)
    right_on_plus = ABSOLUTE.prompt + "    return -x if x < -4 else 0\n"
    for benchmark, dataset in loaded:
        with pytest.raises(AssertionError, match="wrong for input 0"):
            run(benchmark, dataset.problems[0], right_on_plus)


def test_both_ask_the_same(loaded: Any) -> None:
    (plus, plus_data), (base, base_data) = loaded
    assert (plus.name, base.name) == ("rows", "rows-base")
    assert [p.prompt for p in plus_data.problems] == [p.prompt for p in base_data.problems]
    assert plus.stop == base.stop


def test_an_object_in_place_of_the_plus_inputs_holds_none(loaded: Any) -> None:
    (_, plus), (_, base) = loaded
    assert WIDEST.plus_input == {}
    assert plus.problems[1].test == base.problems[1].test


def test_a_solution_may_define_any_name(loaded: Any) -> None:
    benchmark, dataset = loaded[0]
    names = ("check", "compile", "exec", "json", "len", "signal", "sum", "tuple", "zip")
    others = "".join(f"def {name}(*_):\n    raise ValueError\n" for name in names)
    run(benchmark, dataset.problems[0], others + ABSOLUTE.prompt + ABSOLUTE.canonical_solution)


def test_tasks_have_the_rules_that_evalplus_gives_them() -> None:
    def describe(task: int, entry_point: str = "f") -> tuple[str, str]:
        return mbpp_plus._describe({"task_id": f"Mbpp/{task}", "entry_point": entry_point})

    assert describe(2) == ("tuples", "same set")
    assert describe(737, "check_str") == ("none", "something")
    assert describe(581) == ("none", "surface")
    assert describe(3) == ("none", "same")


@pytest.mark.parametrize("name", FILES)
def test_absent_data_name_the_public_address(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataAbsent, match=rf"evalplus/.*plus_release/\w+/{Path(FILES[name]).name}"):
        get_benchmark(name).load(DataSource(tmp_path, tmp_path, allow_download=False))


@pytest.mark.parametrize(("name", "count"), [("humaneval-plus", 164), ("mbpp-plus", 378)])
def test_published_file(name: str, count: int, tmp_path: Path) -> None:
    folder = data_file(FILES[name]).parents[1]
    source = DataSource(folder, tmp_path, allow_download=False)
    plus, base = (get_benchmark(f"{name}{end}").load(source) for end in ("", "-base"))
    assert len(plus.problems) == len(base.problems) == count
    known = {int(p.id.partition("/")[2]) for p in plus.problems}
    if name == "mbpp-plus":
        assert {*mbpp_plus._CONVERSION_OF, *mbpp_plus._RULE_OF} <= known
    assert sum(len(p.test) for p in plus.problems) > sum(len(p.test) for p in base.problems)
    assert all(json.dumps(p.prompt) for p in plus.problems)
