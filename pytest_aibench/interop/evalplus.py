"""EvalPlus's samples: JSON Lines, or a folder with a file a sample.

Rows hold `task_id` and a self-contained `solution`, or a `completion` of the prompt; `solution`
wins. In a folder, sample 3 of `HumanEval/0` is the file `HumanEval_0/3.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pytest_aibench.errors import DataError
from pytest_aibench.interop.counting import RowCounter
from pytest_aibench.interop.samples import FileSample, Losses, SampleFile, whole_program
from pytest_aibench.interop.textfiles import (
    field_of,
    file_name,
    first_row,
    json_lines,
    read_text,
    write_bytes,
    write_json_lines,
)
from pytest_aibench.models.base import ReplyForm
from pytest_aibench.problems.problem import Problem

__all__ = ["EvalPlus", "EvalPlusFolder", "evalplus_id", "solution_of"]

_FOLDER = re.compile(r"(HumanEval|Mbpp|MBPP)_([0-9]+)")


class EvalPlus:
    """`evalplus`: JSON Lines."""

    name = "evalplus"

    def detect(self, path: Path) -> bool:
        row = first_row(path) if path.is_file() else None
        ours = {"sample", "reply", "benchmark", "passed"}
        return row is not None and {"task_id", "solution"} <= row.keys() and not ours & row.keys()

    def read(self, path: Path, problems: Sequence[Problem] = ()) -> SampleFile:
        return SampleFile(self.name, _rows(path))

    def write(self, file: SampleFile, path: Path, problems: Sequence[Problem] = ()) -> Losses:
        losses = Losses()
        known = {problem.id: problem for problem in problems}
        write_json_lines(path, (self._row(file, s, known, losses) for s in file.samples))
        return losses

    def _row(
        self, file: SampleFile, sample: FileSample, known: dict[str, Problem], losses: Losses
    ) -> dict[str, Any]:
        extra = losses.add_fields(file, sample, self.name)
        if sample.passed is not None:
            losses.add("verdicts")
        text = {"completion": sample.text}
        if sample.form is not ReplyForm.COMPLETION or sample.solution or sample.task_id in known:
            text = {"solution": solution_of(sample, known, losses)}
        return {"task_id": evalplus_id(sample.task_id), **text, **extra}


class EvalPlusFolder:
    """`evalplus-folder`: a folder a problem, a file a sample."""

    name = "evalplus-folder"

    def detect(self, path: Path) -> bool:
        return path.is_dir() and any(_FOLDER.fullmatch(f.parent.name) for f in path.glob("*/*.py"))

    def read(self, path: Path, problems: Sequence[Problem] = ()) -> SampleFile:
        files = [(file, *_place(file, problems)) for file in path.glob("*/*.py")]
        if not files:
            raise DataError(f"{path}: no file TASK/NUMBER.py is in it; give EvalPlus's folder")
        files.sort(key=lambda entry: (_natural(entry[1]), entry[2]))
        return SampleFile(
            self.name,
            (FileSample(task, n, read_text(f), ReplyForm.SOLUTION) for f, task, n in files),
        )

    def write(self, file: SampleFile, path: Path, problems: Sequence[Problem] = ()) -> Losses:
        losses = Losses()
        known = {problem.id: problem for problem in problems}
        for sample in file.samples:
            code = solution_of(sample, known, losses)
            if sample.passed is not None:
                losses.add("verdicts")
            losses.add_fields(file, sample, self.name)
            folder = path / file_name(evalplus_id(sample.task_id))
            write_bytes(folder / f"{sample.sample}.py", code.encode("utf-8", "surrogatepass"))
        return losses


def evalplus_id(task_id: str) -> str:
    """`MBPP/11` as EvalPlus spells it, `Mbpp/11`; others as they are."""
    return re.sub(r"^MBPP/", "Mbpp/", task_id)


def solution_of(sample: FileSample, known: dict[str, Problem], losses: Losses) -> str:
    """The whole program; empty, and noted as a loss, where there is none."""
    code = whole_program(sample, known.get(sample.task_id))
    if code is None:
        losses.add("replies without a whole program, written as empty ones")
    return code or ""


def _rows(path: Path) -> Iterator[FileSample]:
    rows = RowCounter()
    for where, row in json_lines(path):
        task = field_of(row, "task_id", str, where)
        key = "solution" if "solution" in row else "completion"
        yield FileSample(
            task_id=task,
            sample=rows.next_of(task),
            text=field_of(row, key, str, where),
            form=ReplyForm(key),
            extra={name: value for name, value in row.items() if name not in ("task_id", key)},
        )


def _place(file: Path, problems: Sequence[Problem]) -> tuple[str, int]:
    """Problem and sample of a file in a folder of samples."""
    name = file.parent.name
    matches = [p.id for p in problems if p.id.replace("/", "_").lower() == name.lower()]
    known = _FOLDER.fullmatch(name)
    if not file.stem.isdecimal() or not (known or len(matches) == 1):
        raise DataError(
            f"{file}: expected TASK/NUMBER.py, TASK being a problem's id with _ for /; move other "
            "files away, or name the problems with --benchmark"
        )
    task = f"{known[1]}/{known[2]}" if known else matches[0]
    return task, int(file.stem)


def _natural(task: str) -> list[tuple[int, str]]:
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", task)
    ]
