from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_aibench.bigcode.benchmarks import benchmark_of
from pytest_aibench.bigcode.options import BigCodeOptions
from pytest_aibench.errors import DataError, UsageError
from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.problem import Dataset
from pytest_aibench.problems.sources import DataSource
from tests.unit.bigcode.harness import write_harness

pytestmark = pytest.mark.usefixtures("harness")


def load(benchmark: Benchmark) -> Dataset:
    return benchmark.load(DataSource(None, Path()))


def test_problems_are_the_harness_own(options: BigCodeOptions) -> None:
    benchmark = benchmark_of("arithmetic", options)
    assert benchmark.name == "bigcode-arithmetic"
    assert benchmark.stop == ("\ndef", "\n#")
    assert benchmark.cpu_seconds == 7.0
    first, *others = load(benchmark).problems
    assert [first.id, *(p.id for p in others)] == [f"Arithmetic/{n}" for n in range(3)]
    assert first.prompt == "def add(a, b):"
    assert first.entry_point == "add"
    assert first.language == "python"
    assert first.canonical_solution == "\n    return a + b\n"


def test_a_program_is_what_the_harness_would_execute(options: BigCodeOptions) -> None:
    benchmark = benchmark_of("arithmetic", options)
    problem = load(benchmark).problems[1]
    text = problem.prompt + "\n    return a - b\ndef more():\n"
    assert benchmark.finish is not None
    candidate = benchmark.finish(problem, text)
    assert candidate == "def subtract(a, b):\n    return a - b"
    solution, tests = benchmark.compose(problem, candidate, True)
    assert solution == candidate
    assert tests == ("\ndef check(candidate):\n    assert candidate(6, 3) == 3\n\ncheck(subtract)")


def test_scoring_prints_nothing_and_leaves_the_task_as_it_was(
    options: BigCodeOptions, capfd: pytest.CaptureFixture[str]
) -> None:
    from bigcode_eval.tasks import arithmetic

    executing = arithmetic.compute_code_eval
    benchmark = benchmark_of("arithmetic", options)
    problems = load(benchmark).problems
    benchmark.compose(problems[0], "pass", True)
    assert capfd.readouterr() == ("", "")
    assert arithmetic.compute_code_eval is executing
    assert len(load(benchmark).problems) == len(problems)


def test_a_document_is_scored_as_itself(options: BigCodeOptions) -> None:
    """Though the harness finds it by the place of its candidate."""
    benchmark = benchmark_of("scored", options)
    composed = [benchmark.compose(p, "is", True)[0] for p in load(benchmark).problems]
    assert composed == ["\nadd is", "\nsubtract is", "\ndivide is"]
    assert benchmark.cpu_seconds == 10.0


def test_imports_of_octopack_become_rules(harness: Path, options: BigCodeOptions) -> None:
    from pytest_aibench.problems.builtin.humaneval_x import PYTHON_IMPORTS

    before, after = PYTHON_IMPORTS.split("import string\n")
    header = f"{before}import numpy\nimport numpy as np\nimport string\n{after}"
    write_harness(harness, header.removesuffix("\n"))
    benchmark = benchmark_of("scored", options)
    problem = load(benchmark).problems[0]
    assert benchmark.rules.preamble == PYTHON_IMPORTS
    assert benchmark.compose(problem, "is", True)[0] == "add is"
    with_numpy = benchmark.compose(problem, "= np.pi", True)[0]
    assert with_numpy == "import numpy\nimport numpy as np\nadd = np.pi"


def test_candidates_in_files_are_found(options: BigCodeOptions) -> None:
    benchmark = benchmark_of("filed", options)
    problem = load(benchmark).problems[0]
    assert problem.language == "javascript"
    assert benchmark.cpu_seconds == 5.0
    assert benchmark.compose(problem, "let add;", True) == ("let add;", problem.test)


def test_a_program_in_one_piece_is_taken_apart(options: BigCodeOptions) -> None:
    benchmark = benchmark_of("assembled", options)
    problem = load(benchmark).problems[0]
    assert benchmark.cpu_seconds == 15.0
    assert benchmark.compose(problem, "add = sum", True) == ("add = sum", problem.test)
    assert problem.test.startswith("\n\n\ndef check(candidate):")


def test_numbers_and_instructions_become_ids_and_prompts(options: BigCodeOptions) -> None:
    first, second = load(benchmark_of("numbered", options)).problems
    assert (first.id, second.id) == ("NUMBERED/11", "NUMBERED/12")
    assert first.prompt == "Say 11.\ndef say():"
    assert first.canonical_solution is None


@pytest.mark.parametrize(("style", "lead"), [(None, "[plain]"), ("chatty", "[chatty]")])
def test_the_style_of_prompts_is_passed_on(
    options: BigCodeOptions, style: str | None, lead: str
) -> None:
    benchmark = benchmark_of("prompted", replace(options, prompt=style))
    assert load(benchmark).problems[0].prompt == f"{lead}def add(a, b):"


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("silent", "without executing"),
        ("compared", "none of programs that pass or fail"),
        ("bleu", "its metric is bleu"),
        ("rusty", "its programs are in rust"),
        ("described", "load_data_path must be specified"),
        ("arithmetik", "did you mean arithmetic"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    options: BigCodeOptions, task: str, reason: str
) -> None:
    with pytest.raises(UsageError, match=reason):
        benchmark_of(task, options)


def test_prompts_with_a_gap_are_refused(options: BigCodeOptions) -> None:
    with pytest.raises(UsageError, match="filled in"):
        load(benchmark_of("filledin", options))


def test_absent_data_are_told_with_the_remedy(options: BigCodeOptions) -> None:
    with pytest.raises(DataError, match=r"cannot be loaded \(no dataset\)\. Load it once"):
        benchmark_of("unread", options)


def test_descriptions_are_passed_on(options: BigCodeOptions, tmp_path: Path) -> None:
    named = replace(options, descriptions=tmp_path / "descriptions.json")
    assert load(benchmark_of("described", named)).problems


def test_a_harness_that_cannot_be_imported_is_said(harness: Path, options: BigCodeOptions) -> None:
    (harness / "bigcode_eval" / "tasks" / "files.py").write_text("import not_there")
    with pytest.raises(UsageError, match="No module named 'not_there'"):
        benchmark_of("arithmetic", options)
