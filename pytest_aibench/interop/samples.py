"""What every file of samples comes down to, and what a format has to offer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pytest_aibench.errors import UsageError
from pytest_aibench.models.base import Reply, ReplyForm
from pytest_aibench.problems.problem import Problem

__all__ = [
    "FileSample",
    "Format",
    "Losses",
    "SampleFile",
    "continuation",
    "judged",
    "whole_program",
]


@dataclass(frozen=True, slots=True)
class FileSample:
    """One sample as a file has it.

    `text` is what `form` says. `solution` is the whole program, where the file has both; an empty
    one stands for a reply without code. `passed` is None where the file does not judge; `result`
    is how the sample ended: `"passed"`, `"timeout"` or other words. `extra` holds the fields that
    only this format has. `benchmark` is empty where the file does not name it. `base` is how the
    sample ended on the base tests alone, where its run has them as a benchmark of their own.
    """

    task_id: str
    sample: int
    text: str
    form: ReplyForm
    passed: bool | None = None
    result: str = ""
    finish_reason: str = "stop"
    benchmark: str = ""
    solution: str | None = None
    base: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file of samples: the name of its format, facts of the file as a whole, its samples.

    `samples` may be read only once where they are not a tuple.
    """

    format: str
    samples: Iterable[FileSample]
    facts: Mapping[str, Any] = field(default_factory=dict)


class Format(Protocol):
    """One file format. `problems` are those of the benchmark, in its order; empty if unknown."""

    @property
    def name(self) -> str:
        """As `--format` takes it."""
        ...

    def detect(self, path: Path) -> bool:
        """Whether the file or folder at `path` looks like this format; raises nothing but
        `DataError` (it cannot be read)."""
        ...

    def read(self, path: Path, problems: Sequence[Problem] = ()) -> SampleFile:
        """The samples of a file.

        Raises:
            DataError: it is malformed, or does not fit `problems`; also while samples are read.
            UsageError: the format needs `problems`, and there are none.
        """
        ...

    def write(self, file: SampleFile, path: Path, problems: Sequence[Problem] = ()) -> Losses:
        """Write `file` to `path`; what the format cannot carry.

        Raises:
            UsageError: the format needs `problems`, and there are none.
            OSError: the file cannot be written.
        """
        ...


class Losses:
    """What a file lacks of the samples that it was written from, counted by sentence."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._notes: list[str] = []

    def note(self, what: str) -> None:
        """`what` was lost of the file as a whole."""
        self._notes.append(what)

    def add(self, what: str) -> None:
        """`what` was lost of one more sample."""
        self._counts[what] += 1

    def add_fields(self, file: SampleFile, sample: FileSample, name: str) -> Mapping[str, Any]:
        """The sample's `extra` for the writer of format `name`; another format's are lost, and
        how the reply ended."""
        if sample.finish_reason != "stop":
            self.add(f"that the reply ended by {sample.finish_reason}")
        if file.format == name:
            return sample.extra
        for key in sample.extra:
            self.add(f"field {key!r} of {file.format}")
        return {}

    def lines(self) -> list[str]:
        """One line for each thing lost, with its number of samples."""
        counts = [f"{what} ({n:,} sample{'s' * (n != 1)})" for what, n in self._counts.items()]
        return [*self._notes, *counts]


def judged(file: SampleFile, losses: Losses, name: str) -> Iterator[FileSample]:
    """The samples for the format `name`, which has a verdict of each; the others are lost.

    Raises:
        UsageError: there are samples, and none has a verdict.
    """
    found = lost = 0
    for sample in file.samples:
        if sample.passed is None:
            losses.add("samples without a verdict")
            lost += 1
        else:
            found += 1
            yield sample
    if lost and not found:
        raise UsageError(
            f"no sample has a verdict, and format {name} is of verdicts; write the format of the "
            "samples alone, or run them first"
        )


def whole_program(sample: FileSample, problem: Problem | None) -> str | None:
    """The whole program that `sample` stands for; None where the reply holds no code.

    Raises:
        UsageError: it takes the problem to know, and that is not given.
    """
    if sample.solution is not None:
        return sample.solution or None
    if sample.form is ReplyForm.SOLUTION:
        return sample.text
    if problem is None:
        raise _unknown_problem(sample)
    from pytest_aibench.generation.extract import extract

    return extract(Reply(sample.text, sample.form, sample.finish_reason), problem).code


def continuation(sample: FileSample, problem: Problem | None) -> str | None:
    """The text that makes the sample's program when it is put after the problem's prompt.

    A Python solution that does not begin with the prompt is put after it as it is: where the
    prompt is a function that has a docstring for its body, the solution defines it anew. None
    where the reply holds no code.

    Raises:
        UsageError: it takes the problem to know, and that is not given; or there is no such text.
    """
    if sample.form is ReplyForm.COMPLETION:
        return sample.text
    if problem is None:
        raise _unknown_problem(sample)
    code = whole_program(sample, problem)
    if code is None:
        return None
    if code.startswith(problem.prompt):
        return code[len(problem.prompt) :]
    if problem.language == "python" and _parses(problem.prompt):
        return f"\n{code}"
    raise UsageError(
        f"sample {sample.sample} of {sample.task_id} is a whole program that does not begin with "
        "its prompt, and the format is of continuations; write one of whole programs, such as "
        "bigcode, evalplus or multipl-e"
    )


def _unknown_problem(sample: FileSample) -> UsageError:
    return UsageError(
        f"sample {sample.sample} of {sample.task_id} is a {sample.form}, and the format needs the "
        "text of its problem; name the --benchmark it is of, its data being at hand"
    )


def _parses(code: str) -> bool:
    from pytest_aibench.generation.python_code import parse_python

    return parse_python(code) is not None
