from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_aibench.bigcode.benchmarks import benchmark_of
from pytest_aibench.bigcode.carried import CARRIED
from pytest_aibench.bigcode.options import BigCodeOptions
from pytest_aibench.errors import UsageError
from pytest_aibench.problems.problem import Problem
from pytest_aibench.problems.registry import get_benchmark
from pytest_aibench.problems.sources import DataSource
from tests.data import data_file

pytestmark = pytest.mark.usefixtures("no_harness")


def problems(task: str, options: BigCodeOptions, folder: Path) -> tuple[Problem, ...]:
    return benchmark_of(task, options).load(DataSource(folder, Path(), False)).problems


@pytest.fixture
def folder() -> Path:
    return data_file("humaneval/HumanEval.jsonl.gz").parents[1]


@pytest.mark.parametrize("task", CARRIED)
def test_every_carried_task_is_a_benchmark(task: str, options: BigCodeOptions) -> None:
    benchmark = benchmark_of(task, options)
    assert benchmark.name == f"bigcode-{task}"
    assert benchmark.finish is not None
    assert benchmark.citation == get_benchmark(CARRIED[task]).citation


def test_other_tasks_tell_what_to_install(options: BigCodeOptions) -> None:
    with pytest.raises(UsageError, match=r"bigcode-evaluation-harness .*need no harness: human"):
        benchmark_of("pal-gsm8k-greedy", options)


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("ds1000-all-completion", "the sandbox has NumPy, pandas, SciPy"),
        ("ds1000-tensorflow-completion", "the sandbox has NumPy, pandas, SciPy"),
        ("ds1000-pytorch-completion", "the sandbox has NumPy, pandas, SciPy"),
        ("ds1000-numpy-insertion", "filled in between two texts"),
    ],
)
def test_what_is_not_carried_of_ds1000_is_refused_with_the_reason(
    task: str, reason: str, options: BigCodeOptions
) -> None:
    with pytest.raises(UsageError, match=f"--bigcode-tasks {task}: .*{reason}"):
        benchmark_of(task, options)


def test_a_style_that_is_not_carried_is_refused(options: BigCodeOptions) -> None:
    with pytest.raises(UsageError, match="in the style 'continue'"):
        benchmark_of("humanevalsynthesize-js", replace(options, prompt="octocoder"))
    continued = replace(options, prompt="continue")
    assert benchmark_of("humanevalsynthesize-js", continued).name.endswith("js")


@pytest.mark.parametrize("task", ["humaneval", "humanevalsynthesize-java", "multiple-cpp"])
def test_prompts_are_stripped(task: str, options: BigCodeOptions, folder: Path) -> None:
    found = problems(task, options, folder)
    assert all(p.prompt == p.prompt.strip() for p in found)


def test_unstripped_prompts_are_not(options: BigCodeOptions, folder: Path) -> None:
    ours = get_benchmark("humaneval").load(DataSource(folder, Path(), False)).problems
    assert problems("humaneval-unstripped", options, folder) == ours


def test_instructions_lose_what_is_stripped_at_their_own_ends(
    options: BigCodeOptions, folder: Path
) -> None:
    for problem in problems("humanevalfixtests-python", options, folder):
        whole = problem.context + problem.prompt
        assert whole == whole.strip()
        assert "Fix bugs in " in problem.context


@pytest.mark.parametrize("task", ["humaneval", "humanevalsynthesize-python"])
def test_solutions_still_continue_the_prompt(
    task: str, options: BigCodeOptions, folder: Path
) -> None:
    benchmark = benchmark_of(task, options)
    assert benchmark.finish is not None
    for problem in problems(task, options, folder):
        assert problem.canonical_solution is not None
        candidate = benchmark.finish(problem, problem.prompt + problem.canonical_solution)
        compile(candidate, problem.id, "exec")
        assert problem.entry_point in candidate


def test_a_solution_that_begins_with_a_stop_word_is_cut_as_there(
    options: BigCodeOptions, folder: Path
) -> None:
    benchmark = benchmark_of("mbpp", options)
    assert benchmark.finish is not None
    found = {problem.id: problem for problem in problems("mbpp", options, folder)}
    for id_, kept in (("MBPP/342", False), ("MBPP/343", True)):
        problem = found[id_]
        assert problem.canonical_solution is not None
        candidate = benchmark.finish(problem, problem.prompt + problem.canonical_solution)
        assert (f"def {problem.entry_point}" in candidate) is kept


@pytest.mark.parametrize("task", ["apps-interview", "ds1000-scipy-completion"])
def test_our_own_judges_come_before_the_harness(
    task: str, options: BigCodeOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytest_aibench.bigcode.harness.is_installed", lambda: True)
    monkeypatch.setattr("pytest_aibench.bigcode.harness.has_task", lambda name: True)
    benchmark = benchmark_of.__wrapped__(task, options)
    assert (benchmark.name, benchmark.title) == (f"bigcode-{task}", get_benchmark(task).title)
