from __future__ import annotations

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.models.base import Request, Sampling
from pytest_aibench.models.errors import NoReplyError
from pytest_aibench.models.reference import ReferenceModel, open_model
from pytest_aibench.models.spec import parse_spec
from pytest_aibench.problems.problem import Problem

PROMPT = "def f():\n"


def asked(problem: Problem, sample: int = 0) -> Request:
    return Request("b", problem, sample, "", True, Sampling())


def problem(canonical: str | None = "    return 1\n", **more: object) -> Problem:
    return Problem("p/0", PROMPT, "f", "", canonical, **more)  # type: ignore[arg-type]


def test_the_canonical_solution_by_default() -> None:
    model = open_model(parse_spec("reference"))
    assert model.answer(asked(problem())).text == "    return 1\n"


def test_a_problem_without_one_cannot_be_answered() -> None:
    with pytest.raises(NoReplyError, match="p/0 has no canonical_solution"):
        ReferenceModel().answer(asked(problem(None)))


def test_wrong_solutions_rotate() -> None:
    model = open_model(parse_spec("reference:solve=0"))
    wrong = problem(wrong_solutions=("A", "B"))
    assert [model.answer(asked(wrong, i)).text for i in range(3)] == ["A", "B", "A"]


@pytest.mark.parametrize("canonical", ["    return 1\n", "\treturn 1\n", "\n  return 1", None])
def test_without_wrong_solutions_the_program_fails(canonical: str | None) -> None:
    text = PROMPT + ReferenceModel(solve=0.0).answer(asked(problem(canonical))).text
    namespace: dict[str, object] = {}
    exec(text, namespace)
    with pytest.raises(NotImplementedError):
        namespace["f"]()  # type: ignore[operator]


def test_the_share_solved_is_the_probability_and_repeats() -> None:
    model = open_model(parse_spec("reference:solve=0.6,seed=1"))
    draws = [model.solves(f"p/{i}", s) for i in range(500) for s in range(20)]
    assert 0.58 < sum(draws) / len(draws) < 0.62
    again = open_model(parse_spec("reference:solve=0.6,seed=1"))
    assert draws == [again.solves(f"p/{i}", s) for i in range(500) for s in range(20)]
    other = open_model(parse_spec("reference:solve=0.6,seed=2"))
    assert draws != [other.solves(f"p/{i}", s) for i in range(500) for s in range(20)]


def test_answers_follow_solves() -> None:
    model = ReferenceModel(solve=0.5, seed=3)
    for sample in range(50):
        right = model.answer(asked(problem(), sample)).text == "    return 1\n"
        assert right == model.solves("p/0", sample)


@pytest.mark.parametrize("options", ["solve=2", "solve=x", "solve=nan", "seed=1.5", "sove=1"])
def test_bad_options_are_refused(options: str) -> None:
    with pytest.raises(UsageError, match=options.partition("=")[0]):
        open_model(parse_spec(f"reference:{options}"))
