"""Our own file of samples to replay, and the file of samples that a run writes.

The first is JSON Lines: `{"task_id", "completion" | "solution" | "reply": text, "sample"}` and
where they are known `benchmark`, `finish_reason`, `passed`, `result` and `extra`. A first line
with `format` says where the samples came from, and keeps what its file told as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pytest_aibench.errors import DataError
from pytest_aibench.interop.counting import RowCounter
from pytest_aibench.interop.samples import FileSample, Losses, SampleFile
from pytest_aibench.interop.textfiles import field_of, first_row, json_lines, write_json_lines
from pytest_aibench.models.base import ReplyForm
from pytest_aibench.problems.problem import Problem
from pytest_aibench.records import VerdictKind
from pytest_aibench.report.journal import read_journal

__all__ = ["ROWS_FORMAT", "Journal", "Rows", "row_of"]

ROWS_FORMAT = "aibench-replay"
ROWS_VERSION = "1.0"
_JOURNAL_FORMAT = "aibench-samples"
_FORMS = {
    "completion": ReplyForm.COMPLETION,
    "solution": ReplyForm.SOLUTION,
    "reply": ReplyForm.CHAT,
}
_KEYS = {form: key for key, form in _FORMS.items()}
_OURS = frozenset(("task_id", "sample", "benchmark", "finish_reason", "passed", "result", "extra"))
_MARKS = ("sample", "reply", "benchmark")


class Rows:
    """`aibench`: rows to replay. They carry everything."""

    name = "aibench"

    def detect(self, path: Path) -> bool:
        row = first_row(path) if path.is_file() else None
        if row is None:
            return False
        marked = "task_id" in row and any(mark in row for mark in _MARKS)
        return marked or row.get("format") == ROWS_FORMAT

    def read(self, path: Path, problems: Sequence[Problem] = ()) -> SampleFile:
        head = next((row for _, row in json_lines(path)), {})
        source = head.get("source") if head.get("format") == ROWS_FORMAT else None
        if not isinstance(source, dict):
            source = {"format": self.name}
        return SampleFile(str(source.get("format")), _samples(path), source.get("facts", {}))

    def write(self, file: SampleFile, path: Path, problems: Sequence[Problem] = ()) -> Losses:
        write_json_lines(path, _all_rows(file))
        return Losses()


class Journal:
    """`aibench-run`: the samples of a run, `*.samples.jsonl`; those with a reply."""

    name = "aibench-run"

    def detect(self, path: Path) -> bool:
        row = first_row(path) if path.is_file() else None
        return row is not None and row.get("format") == _JOURNAL_FORMAT

    def read(self, path: Path, problems: Sequence[Problem] = ()) -> SampleFile:
        return SampleFile(self.name, _of_run(path))

    def write(self, file: SampleFile, path: Path, problems: Sequence[Problem] = ()) -> Losses:
        raise DataError(f"{path}: only a run writes {self.name}; write the format aibench instead")


def row_of(sample: FileSample) -> dict[str, Any]:
    """`sample` as a row to replay; fields that say nothing are left out."""
    row: dict[str, Any] = {
        "task_id": sample.task_id,
        _KEYS[sample.form]: sample.text,
        "sample": sample.sample,
        "benchmark": sample.benchmark,
        "finish_reason": "" if sample.finish_reason == "stop" else sample.finish_reason,
        "passed": sample.passed,
        "result": sample.result,
        "extra": dict(sample.extra),
    }
    always = ("task_id", "sample", _KEYS[sample.form])
    return {key: v for key, v in row.items() if key in always or v not in (None, "", {})}


def _all_rows(file: SampleFile) -> Iterator[dict[str, Any]]:
    source = {"format": file.format} | ({"facts": dict(file.facts)} if file.facts else {})
    yield {"schema_version": ROWS_VERSION, "format": ROWS_FORMAT, "source": source}
    yield from map(row_of, file.samples)


def _samples(path: Path) -> Iterator[FileSample]:
    rows = RowCounter()
    for where, row in json_lines(path):
        if row.get("format") == ROWS_FORMAT and "task_id" not in row:
            continue
        task = field_of(row, "task_id", str, where)
        key = next((key for key in _FORMS if key in row), "reply")
        following = rows.next_of(task)
        yield FileSample(
            task_id=task,
            sample=_optional(row, "sample", int, following, where),
            text=field_of(row, key, str, where),
            form=_FORMS[key],
            passed=_optional(row, "passed", bool, None, where),
            result=_optional(row, "result", str, "", where),
            finish_reason=_optional(row, "finish_reason", str, "stop", where),
            benchmark=_optional(row, "benchmark", str, "", where),
            extra=_extra(row, key, where),
        )


def _extra(row: dict[str, Any], text: str, where: str) -> dict[str, Any]:
    """`extra`, and the fields that we have no word for."""
    unknown = {key: value for key, value in row.items() if key not in (*_OURS, text)}
    return {**_optional(row, "extra", dict, {}, where), **unknown}


def _optional(row: dict[str, Any], key: str, kind: type, default: Any, where: str) -> Any:
    return field_of(row, key, kind, where) if key in row else default


def _of_run(path: Path) -> Iterator[FileSample]:
    for record in read_journal(path):
        if "reply" in record:
            yield _sample_of_run(record, path)


def _sample_of_run(record: dict[str, Any], path: Path) -> FileSample:
    try:
        return _sample(record)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{path}: a record lacks or has a wrong {error} ({json.dumps(record)[:100]}); "
            "restore the file from a copy"
        ) from error


def _sample(record: dict[str, Any]) -> FileSample:
    kind, reply = record["kind"], record["reply"]
    cut = "length" if record.get("truncated") else "stop"
    return FileSample(
        task_id=record["problem"],
        sample=int(record["sample"]),
        text=reply["text"],
        form=ReplyForm(reply["form"]),
        passed=None if kind is None else kind == VerdictKind.PASSED,
        result=kind or "",
        finish_reason="refusal" if kind == VerdictKind.REFUSED else cut,
        benchmark=record["benchmark"],
        solution=record["solution"] or "" if "solution" in record else None,
    )
