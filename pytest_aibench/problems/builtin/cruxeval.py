"""CRUXEval: what a function returns for an input, or an input for which it returns an output.

Scored as in facebookresearch/cruxeval, `evaluation/utils_general.py`, where a prediction passes if
`assert OUTPUT == PREDICTION` holds behind the function. Here the prediction is evaluated apart from
the assertion: it cannot take part in the comparison, a predicted output cannot be had by calling
the function, and a predicted input has to be one call of it. On the published generations of
CodeLlama 7B that changes no verdict.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.builtin.cruxeval_answers import (
    find_answer,
    predicted_input,
    predicted_output,
)
from pytest_aibench.problems.builtin.cruxeval_prompts import (
    DIRECT_INPUT,
    DIRECT_OUTPUT,
    THOUGHT_INPUT,
    THOUGHT_OUTPUT,
)
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.sources import DataSource, Pinned, load_rows

__all__ = ["BENCHMARKS", "FILE"]

Mode = Literal["input", "output"]

FILE = Pinned(
    path="cruxeval/cruxeval.jsonl",
    url="https://raw.githubusercontent.com/facebookresearch/cruxeval/"
    "190faf16d175b5847b0af05d937872b1fb395942/data/cruxeval.jsonl",
    sha256="8368b81047dc5014e4caf5a2f97604eff7644e0ecd7415e3ceeb184bbc2e0c96",
)
_OUTPUT_PREDICTED = """\
def answer():
    return {prediction}
"""
_INPUT_PREDICTED = """\
{code}

def input_of_f(*given, **named):
    return given, named

def answer():
    return input_of_f{arguments}
"""
_TAKE_INPUT = "\n\ngiven, named = answer()\nassert f(*given, **named) == "


def _compose_output(problem: Problem, text: str, whole: bool = False) -> tuple[str, str]:
    prediction = predicted_output(find_answer(text))
    if not prediction:  # would be None
        return "", "raise AssertionError('the answer is empty')"
    return _OUTPUT_PREDICTED.format(prediction=prediction), problem.test


def _compose_input(problem: Problem, text: str, whole: bool = False) -> tuple[str, str]:
    code = problem.test.partition(_TAKE_INPUT)[0]
    prediction = predicted_input(find_answer(text))
    if not prediction.startswith("f("):
        return "", "raise AssertionError('the answer is no call of f')"
    arguments = prediction.removeprefix("f")
    return _INPUT_PREDICTED.format(code=code, arguments=arguments), problem.test


def _load(source: DataSource, mode: Mode, thought: bool) -> Dataset:
    problem = _output_problem if mode == "output" else _input_problem
    return load_rows(source, FILE, partial(problem, thought=thought))


def _output_problem(row: dict[str, Any], thought: bool) -> Problem:
    prompt = THOUGHT_OUTPUT if thought else DIRECT_OUTPUT
    return Problem(
        id=row["id"],
        prompt=prompt.format(code=row["code"], input=row["input"]),
        entry_point="answer",
        test=f"assert {row['output']} == answer()",
        canonical_solution=row["output"],
        task="answer",
    )


def _input_problem(row: dict[str, Any], thought: bool) -> Problem:
    prompt = THOUGHT_INPUT if thought else DIRECT_INPUT
    return Problem(
        id=row["id"],
        prompt=prompt.format(code=row["code"], output=row["output"]),
        entry_point="answer",
        test=f"{row['code']}{_TAKE_INPUT}{row['output']}",
        canonical_solution=f"f({row['input']})",
        task="answer",
    )


def _benchmark(mode: Mode, thought: bool) -> Benchmark:
    return Benchmark(
        name=f"cruxeval-{mode}{'-cot' if thought else ''}",
        title=f"CRUXEval {mode} prediction{' (chain of thought)' if thought else ''}",
        load=partial(_load, mode=mode, thought=thought),
        compose=_compose_output if mode == "output" else _compose_input,
        stop=("[/ANSWER]",),
        citation="Gu et al., CRUXEval, 2024",
        licence="MIT",
    )


BENCHMARKS = tuple(
    _benchmark(mode, thought) for thought in (False, True) for mode in ("input", "output")
)
