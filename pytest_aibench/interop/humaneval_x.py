"""HumanEval-X (CodeGeeX): generations, and the results that its evaluation writes.

Rows of JSON Lines: `task_id` (`CPP/0`), `prompt`, `generation`, which continues the prompt; the
results add `completion_id`, `test_code`, `result`, `passed` and others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pytest_aibench.interop.counting import RowCounter
from pytest_aibench.interop.samples import FileSample, Losses, SampleFile, continuation, judged
from pytest_aibench.interop.textfiles import field_of, first_row, json_lines, write_json_lines
from pytest_aibench.models.base import ReplyForm
from pytest_aibench.problems.problem import Problem

__all__ = ["HumanEvalX"]


class HumanEvalX:
    """`humaneval-x`, and `humaneval-x-results` with the verdicts."""

    def __init__(self, *, results: bool) -> None:
        self.name = "humaneval-x-results" if results else "humaneval-x"
        self._results = results

    def detect(self, path: Path) -> bool:
        row = first_row(path) if path.is_file() else None
        if row is None or not {"task_id", "generation"} <= row.keys():
            return False
        return ("passed" in row) is self._results

    def read(self, path: Path, problems: Sequence[Problem] = ()) -> SampleFile:
        return SampleFile(self.name, self._samples(path))

    def _samples(self, path: Path) -> Iterator[FileSample]:
        rows = RowCounter()
        for where, row in json_lines(path):
            task = field_of(row, "task_id", str, where)
            text = field_of(row, "generation", str, where)
            extra = {key: v for key, v in row.items() if key not in ("task_id", "generation")}
            passed = field_of(row, "passed", bool, where) if self._results else None
            yield FileSample(
                task_id=task,
                sample=rows.next_of(task),
                text=text,
                form=ReplyForm.COMPLETION,
                passed=passed,
                result=_plain(extra.get("result")) if self._results else "",
                extra=extra,
            )

    def write(self, file: SampleFile, path: Path, problems: Sequence[Problem] = ()) -> Losses:
        losses = Losses()
        known = {problem.id: problem for problem in problems}
        samples = judged(file, losses, self.name) if self._results else file.samples
        write_json_lines(path, (self._row(file, s, known, losses) for s in samples))
        return losses

    def _row(
        self, file: SampleFile, sample: FileSample, known: dict[str, Problem], losses: Losses
    ) -> dict[str, Any]:
        problem = known.get(sample.task_id)
        text = continuation(sample, problem)
        if text is None:
            losses.add("replies without code, written as empty ones")
        row = {"task_id": sample.task_id, "generation": text or ""}
        if file.format == self.name:
            return {**row, **sample.extra}
        losses.add_fields(file, sample, self.name)
        if problem is not None:
            row["prompt"] = problem.prompt
        return {**row, **self._verdict(sample, losses)}

    def _verdict(self, sample: FileSample, losses: Losses) -> dict[str, Any]:
        if not self._results:
            if sample.passed is not None:
                losses.add("verdicts")
            return {}
        failed = "timed out" if sample.result == "timeout" else f"failed: {sample.result}"
        return {
            "completion_id": sample.sample,
            "result": "passed" if sample.passed else failed,
            "passed": bool(sample.passed),
            "finish": -1,
        }


def _plain(result: Any) -> str:
    return "timeout" if result == "timed out" else str(result)
