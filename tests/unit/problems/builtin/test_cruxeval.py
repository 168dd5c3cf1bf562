from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.problems import Benchmark, DataAbsent, DataSource, Problem, get_benchmark
from pytest_aibench.problems.builtin import cruxeval
from pytest_aibench.problems.builtin.cruxeval_answers import find_answer
from pytest_aibench.problems.sources import Pinned
from tests.data import data_file

ROWS = [
    {
        "id": "sample_0",
        "code": "def f(a, b):\n    return (a, b)",
        "input": "1, 2",
        "output": "(1, 2)",
    },
    {
        "id": "sample_1",
        "code": "def f(s):\n    return s + '{x}'",
        "input": "'a == b'",
        "output": "'a == b{x}'",
    },
    {
        "id": "sample_2",
        "code": "import math\ndef f(n):\n    return [math.sqrt(n)]",
        "input": "n = 4",
        "output": "[2.0]",
    },
]


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataSource:
    content = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    pinned = Pinned("rows.jsonl", "https://127.0.0.1/", hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(cruxeval, "FILE", pinned)
    (tmp_path / "rows.jsonl").write_bytes(content)
    return DataSource(tmp_path, tmp_path, allow_download=False)


def problems(source: DataSource, mode: str) -> tuple[Benchmark, tuple[Problem, ...]]:
    benchmark = get_benchmark(f"cruxeval-{mode}")
    return benchmark, benchmark.load(source).problems


def passes(benchmark: Benchmark, problem: Problem, answer: str) -> bool:
    solution, tests = benchmark.compose(problem, answer, True)
    namespace: dict[str, Any] = {}
    try:
        exec(f"{solution}\n{tests}", namespace)
    except Exception:
        return False
    return True


@pytest.mark.parametrize("mode", ["input", "output", "input-cot", "output-cot"])
def test_the_published_answer_passes_in_every_form(source: DataSource, mode: str) -> None:
    benchmark, found = problems(source, mode)
    for row, problem in zip(ROWS, found, strict=True):
        assertion = f"assert f({row['input']}) == {row['output']}"
        for answer in (
            problem.canonical_solution or "",
            assertion,
            f"[ANSWER]\n{assertion}\n[/ANSWER] and more",
            f"We see it.\n\n`{assertion}`",
            f"[ANSWER]\n```python\n{assertion}\n```\n[/ANSWER]",
        ):
            assert passes(benchmark, problem, answer), (row, answer)


@pytest.mark.parametrize(
    "answer", ["", "(1, 3)", "1, 2", "(1, 3) or True", "f(1, 2)", "None)", "assert f(1, 2) == 3"]
)
def test_a_wrong_output_fails(source: DataSource, answer: str) -> None:
    benchmark, (problem, *_) = problems(source, "output")
    assert not passes(benchmark, problem, answer)


@pytest.mark.parametrize("answer", ["", " ", "[ANSWER][/ANSWER]", "f(1)", "assert f(1) =="])
def test_nothing_is_not_the_answer_none(answer: str) -> None:
    problem = Problem("sample_9", "", "answer", "assert None == answer()", task="answer")
    assert passes(get_benchmark("cruxeval-output"), problem, "None")
    assert not passes(get_benchmark("cruxeval-output"), problem, answer)


@pytest.mark.parametrize(
    "answer", ["", "f(2, 1)", "(1, 2)", "f(2, 1) or True", "g(1, 2)", "f(1, 2)[::-1]", "f(", "f"]
)
def test_a_wrong_input_fails(source: DataSource, answer: str) -> None:
    benchmark, (problem, *_) = problems(source, "input")
    assert not passes(benchmark, problem, answer)


def test_another_input_with_the_same_output_passes(source: DataSource) -> None:
    benchmark, (problem, *_) = problems(source, "input")
    assert passes(benchmark, problem, "f(b=2, a=1)")
    assert passes(benchmark, problem, "f(*f(1, 2))")


def test_values_that_hold_the_sign_of_equality_are_not_cut(source: DataSource) -> None:
    row = ROWS[1]
    for mode in ("input", "output"):
        benchmark, (_, problem, _) = problems(source, mode)
        assert passes(benchmark, problem, f"assert f({row['input']}) == {row['output']}")
        assert not passes(benchmark, problem, f"assert f('') == {row['output']}b'")


def test_prompts_end_where_the_model_goes_on(source: DataSource) -> None:
    ends = {
        "input": ("assert f(??) == (1, 2)\n[/PYTHON]\n[ANSWER]\n"),
        "output": ("assert f(1, 2) == ??\n[/PYTHON]\n[ANSWER]\n"),
        "input-cot": ("assert f(??) == (1, 2)\n[/PYTHON]\n[THOUGHT]\n"),
        "output-cot": ("assert f(1, 2) == ??\n[/PYTHON]\n[THOUGHT]\n"),
    }
    for mode, end in ends.items():
        benchmark, (problem, *_) = problems(source, mode)
        assert problem.prompt.endswith(f"[PYTHON]\n{ROWS[0]['code']}\n{end}")
        assert (problem.id, problem.task, benchmark.stop) == ("sample_0", "answer", ("[/ANSWER]",))


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("[1]", "[1]"),
        ("[ANSWER]x[/ANSWER] [ANSWER]y[/ANSWER]", "x"),
        ("It is\nassert f(1) == 2\nthus\n  assert f(3) == 4  \nDone.", "assert f(3) == 4"),
        ("x[/ANSWER]\nassert f(1) == 2", "x"),
        ("```\n[1]\n```", "[1]"),
        ("", ""),
    ],
)
def test_what_is_taken_from_a_reply(reply: str, answer: str) -> None:
    assert find_answer(reply) == answer


def test_absent_data_name_the_public_address(tmp_path: Path) -> None:
    with pytest.raises(DataAbsent, match=r"facebookresearch/cruxeval/.*/data/cruxeval\.jsonl"):
        problems(DataSource(tmp_path, tmp_path, allow_download=False), "output")


@pytest.mark.parametrize("mode", ["input", "output"])
def test_every_published_answer_passes(mode: str, tmp_path: Path) -> None:
    folder = data_file("cruxeval/cruxeval.jsonl").parents[1]
    benchmark, found = problems(DataSource(folder, tmp_path, allow_download=False), mode)
    assert [problem.id for problem in found] == [f"sample_{i}" for i in range(800)]
    assert [p.id for p in found if not passes(benchmark, p, p.canonical_solution or "")] == []
