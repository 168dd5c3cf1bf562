"""The BigCode harness's generations and references: lists without ids, in the data set's order.

`generations_TASK.json` is a list of lists of whole programs (`bigcode_eval/evaluator.py`), one
inner list a problem, empty where there are none yet; `references_TASK.json` is a list of the tests
of those problems. Nothing in them says which problem is which: only the whole data set, or a file
of references whose every text is that of a problem, is believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pytest_aibench.errors import DataError, UsageError
from pytest_aibench.interop.counting import by_task
from pytest_aibench.interop.samples import FileSample, Losses, SampleFile, whole_program
from pytest_aibench.interop.textfiles import read_json, read_value, write_json
from pytest_aibench.models.base import ReplyForm
from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.problem import Problem

__all__ = ["BigCode", "problems_by_references", "samples_by_place", "write_references"]


class BigCode:
    """`bigcode`: generations. Both directions need the benchmark's problems."""

    name = "bigcode"

    def detect(self, path: Path) -> bool:
        content = read_value(path) if path.is_file() else None
        return isinstance(content, list) and bool(content) and all(map(_is_texts, content))

    def read(self, path: Path, problems: Sequence[Problem] = ()) -> SampleFile:
        lists = _lists(path)
        _need(problems, str(path))
        if len(lists) != len(problems):
            raise DataError(
                f"{path}: has {len(lists)} lists, and the benchmark {len(problems)} problems; "
                "lists carry no ids, so give the benchmark that they are of, or the harness's "
                "file of references of the same run (--references)"
            )
        ids = [problem.id for problem in problems]
        return SampleFile(self.name, tuple(_samples(ids, lists)), {"tasks": ids})

    def write(self, file: SampleFile, path: Path, problems: Sequence[Problem] = ()) -> Losses:
        losses = Losses()
        known = {problem.id: problem for problem in problems}
        order = file.facts["tasks"] if file.format == self.name else list(known)
        _need(order, f"format {self.name}")
        tasks = by_task(file.samples)
        _refuse_unknown(tasks, order)
        lists = [
            [_written(file, s, known.get(task), losses) for s in tasks.get(task, ())]
            for task in order
        ]
        write_json(path, lists)
        empty = sum(not texts for texts in lists)
        if empty and file.format != self.name:
            losses.note(
                f"that {empty} of {len(lists)} problems have no sample: BigCode leaves them out of "
                "its mean"
            )
        return losses


def samples_by_place(path: Path) -> tuple[int, Iterator[FileSample]]:
    """How many lists a file has, and its samples under the place (from 0) of their list.

    Raises:
        DataError: the file is no list of lists of texts.
    """
    lists = _lists(path)
    return len(lists), _samples([str(place) for place in range(len(lists))], lists)


def read_references(path: Path) -> list[str]:
    """The texts of a file of references. Raises `DataError`."""
    texts = read_json(path)
    if not _is_texts(texts):
        raise DataError(f"{path}: expected a list of texts, as BigCode writes its references")
    return list(texts)


def write_references(path: Path, benchmark: Benchmark, problems: Sequence[Problem]) -> None:
    """Write the tests of `problems` as BigCode's task has them. Raises `OSError`."""
    write_json(path, [_reference(benchmark, problem) for problem in problems])


def problems_by_references(
    path: Path, benchmark: Benchmark, problems: Sequence[Problem]
) -> list[Problem]:
    """The problems that a file of references is of, in its order, known by their tests.

    Raises:
        DataError: a text is not that of exactly one of `problems`, or is there twice.
    """
    known: dict[str, list[Problem]] = {}
    for problem in problems:
        known.setdefault(_reference(benchmark, problem).strip(), []).append(problem)
    found: list[Problem] = []
    for number, text in enumerate(read_references(path)):
        candidates = known.pop(text.strip(), [])
        if len(candidates) != 1:
            reason = "of several problems" if candidates else "of no (further) problem"
            raise DataError(f"{path}: text {number} (from 0) is {reason} of {benchmark.name}")
        found += candidates
    return found


def _lists(path: Path) -> list[list[str]]:
    lists = read_json(path)
    if not isinstance(lists, list) or not all(map(_is_texts, lists)):
        raise DataError(f"{path}: expected a list of lists of texts, as BigCode writes")
    return lists


def _reference(benchmark: Benchmark, problem: Problem) -> str:
    tests = benchmark.compose(problem, "", True)[1]
    return tests.removeprefix("\n") if benchmark.name.startswith("mbpp") else tests


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _samples(ids: list[str], lists: list[list[str]]) -> Iterator[FileSample]:
    for task, texts in zip(ids, lists, strict=True):
        for number, text in enumerate(texts):
            yield FileSample(task, number, text, ReplyForm.SOLUTION)


def _written(file: SampleFile, sample: FileSample, problem: Problem | None, losses: Losses) -> str:
    code = whole_program(sample, problem)
    if code is None:
        losses.add("replies without code, written as empty programs")
    if sample.passed is not None:
        losses.add("verdicts")
    losses.add_fields(file, sample, BigCode.name)
    return code or ""


def _refuse_unknown(tasks: dict[str, list[FileSample]], order: Sequence[str]) -> None:
    unknown = tasks.keys() - set(order)
    if unknown:
        raise UsageError(
            f"{min(unknown)} is no problem of the benchmark, and the list has no place for it; "
            "give the --benchmark that the samples are of"
        )


def _need(problems: Sequence[object], what: str) -> None:
    if not problems:
        raise UsageError(
            f"{what}: BigCode's lists carry no ids; say whose problems they are of with "
            "--benchmark NAME"
        )
