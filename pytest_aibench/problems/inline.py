"""Problems that a test file makes itself."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_aibench.errors import DataError
from pytest_aibench.problems.problem import Dataset, Problem, digest_of
from pytest_aibench.problems.rules import check_entry_point, check_task_id, check_text

__all__ = ["dataset_of"]


def dataset_of(problems: Sequence[Problem]) -> Dataset:
    """A data set of `problems`, checked as a problem file is.

    Raises:
        DataError: there is none, two share an id, or one cannot become a pytest item.
    """
    if not problems:
        raise DataError("the benchmark has no problems")
    seen: set[str] = set()
    for position, problem in enumerate(problems):
        _check(problem, position, seen)
    return Dataset(tuple(problems), digest_of(problems), "test file")


def _check(problem: object, position: int, seen: set[str]) -> None:
    if not isinstance(problem, Problem):
        raise DataError(f"problem {position} is a {type(problem).__name__}, expected a Problem")
    try:
        check_task_id(problem.id)
        check_entry_point(problem.entry_point, problem.language)
        check_text(problem.prompt, "prompt")
        check_text(problem.test, "test")
    except ValueError as error:
        raise DataError(f"problem {position}: {error}") from error
    if problem.id in seen:
        raise DataError(f"problem {position}: the id {problem.id!r} stands there twice")
    seen.add(problem.id)
