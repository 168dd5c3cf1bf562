from __future__ import annotations

from pathlib import Path

import pytest

from pytest_aibench.errors import DataError, UsageError
from pytest_aibench.problems import (
    Benchmark,
    DataAbsent,
    Dataset,
    DataSource,
    benchmark_names,
    get_benchmark,
    register,
    registry,
)


def no_problems(source: DataSource) -> Dataset:
    return Dataset((), "", "")


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_BENCHMARKS", dict(registry._BENCHMARKS))


def test_every_name_finds_its_benchmark() -> None:
    assert {"basics", "humaneval", "problems"} <= {*benchmark_names()}
    for name in benchmark_names():
        assert get_benchmark(name).name == name


def test_registered_benchmark_is_found() -> None:
    mine = register(Benchmark("mine", "Mine", no_problems))
    assert get_benchmark("mine") is mine
    assert "mine" in benchmark_names()


def test_registering_the_same_again_is_harmless() -> None:
    mine = Benchmark("mine", "Mine", no_problems)
    assert register(mine) == register(mine)


def test_a_name_cannot_be_taken_twice() -> None:
    with pytest.raises(UsageError, match="named 'basics' exists; choose another name"):
        register(Benchmark("basics", "Other", no_problems))
    assert get_benchmark("basics").title == "Basics"


def test_unknown_name_lists_the_known_ones_and_suggests_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"'human_eval'; did you mean 'humaneval'\?.*basics, "):
        get_benchmark("human_eval")


def test_unknown_name_without_a_near_one_gets_no_suggestion() -> None:
    with pytest.raises(UsageError) as caught:
        get_benchmark("zzz")
    assert "did you mean" not in str(caught.value)


def test_problem_file_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(DataAbsent, match="--problems FILE"):
        get_benchmark("problems").load(DataSource(None, tmp_path))


def test_problem_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"task_id": "m", "prompt": "", "entry_point": "f", "test": ""}\n')
    source = DataSource(None, tmp_path, problem_file=path)
    assert [problem.id for problem in get_benchmark("problems").load(source).problems] == ["m"]
    path.write_text("{}\n")
    with pytest.raises(DataError, match=r"mine\.jsonl, line 1: key 'task_id' is missing"):
        get_benchmark("problems").load(source)
