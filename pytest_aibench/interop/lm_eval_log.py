"""lm-eval's logs of samples, `samples_TASK_TIME.jsonl` (`--log_samples`), of tasks that generate.

A row is a document under one filter: `doc_id`, `doc`, `target`, `arguments`, `resps` (a list of
texts a request), `filtered_resps`, `filter`, `metrics`, hashes and the metrics' values. Where the
metric is pass@k the filtered response is the whole program; elsewhere the response is the reply.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_aibench.errors import DataError
from pytest_aibench.interop.counting import by_task
from pytest_aibench.interop.samples import FileSample, Losses, SampleFile, whole_program
from pytest_aibench.interop.textfiles import field_of, first_row, json_lines, write_bytes
from pytest_aibench.models.base import ReplyForm
from pytest_aibench.problems.problem import Problem

__all__ = ["LmEvalLog"]

_NAME = re.compile(r"samples_(.+)_\d{4}-\d\d-\d\dT.*\.jsonl(?:\.gz)?")
_PASS = re.compile(r"pass[@_](?:at_)?[0-9]+")


class LmEvalLog:
    """`lm-eval`. A verdict is carried where pass@1 of a document is 0 or 1.

    Problems are known by `doc.task_id` (a number is MBPP's), else by `TASK-docNUMBER`, as the
    items of lm-eval's tasks are.
    """

    name = "lm-eval"

    def detect(self, path: Path) -> bool:
        row = first_row(path) if path.is_file() else None
        return row is not None and {"doc_id", "doc", "resps"} <= row.keys()

    def read(self, path: Path, problems: Sequence[Problem] = ()) -> SampleFile:
        samples: list[FileSample] = []
        rows: list[dict[str, Any]] = []
        match = _NAME.fullmatch(path.name)
        task = match[1] if match else ""
        first_filter = None
        for where, row in json_lines(path):
            first_filter = row.get("filter") if first_filter is None else first_filter
            if row.get("filter") == first_filter:
                found, rest = _document(row, task, where)
                samples += found
                rows.append(rest)
            else:
                rows.append({"row": row})
        return SampleFile(self.name, tuple(samples), {"rows": rows})

    def write(self, file: SampleFile, path: Path, problems: Sequence[Problem] = ()) -> Losses:
        losses = Losses()
        known = {problem.id: problem for problem in problems}
        tasks = by_task(file.samples)
        if file.format == self.name:
            rows = [_restored(entry, tasks) for entry in file.facts["rows"]]
        else:
            for sample in (s for found in tasks.values() for s in found):
                losses.add_fields(file, sample, self.name)
            rows = [_row(n, t, found, known, losses) for n, (t, found) in enumerate(tasks.items())]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        write_bytes(path, lines.encode("utf-8", "surrogatepass"))
        return losses


def _document(
    row: dict[str, Any], task: str, where: str
) -> tuple[list[FileSample], dict[str, Any]]:
    """The samples of a document, and all else of its row: what `_restored` makes a row of."""
    programs = _scores_programs(row) and bool(row.get("filtered_resps"))
    field = "filtered_resps" if programs else "resps"
    texts = field_of(row, field, list, where)
    task_id, passed = _task_id(row, task, where), _verdict(row)
    samples = [
        FileSample(
            task_id=task_id,
            sample=number,
            text=text,
            form=ReplyForm.SOLUTION if programs else ReplyForm.COMPLETION,
            passed=passed,
            result={True: "passed", False: "failed", None: ""}[passed],
            benchmark="" if programs else task,
        )
        for number, text in enumerate(_texts(texts, where))
    ]
    nested = isinstance(texts[0], list)
    rest = {"task_id": task_id, "field": field, "nested": nested, "row": {**row, field: None}}
    return samples, rest


def _restored(entry: Mapping[str, Any], tasks: Mapping[str, list[FileSample]]) -> dict[str, Any]:
    row = dict(entry["row"])
    if "field" in entry:
        texts = [sample.text for sample in tasks[entry["task_id"]]]
        row[entry["field"]] = [texts] if entry["nested"] else texts
    return row


def _scores_programs(row: dict[str, Any]) -> bool:
    return any(_PASS.fullmatch(key) for key in row)


def _texts(found: list[Any], where: str) -> list[str]:
    """The texts of a document's only request, as many as it was repeated."""
    texts = found[0] if len(found) == 1 and isinstance(found[0], list) else found
    if not texts or not all(isinstance(text, str) for text in texts):
        raise DataError(
            f"{where}: the document has no reply of one request that is text; only logs of tasks "
            "that generate (generate_until) hold samples"
        )
    return list(texts)


def _task_id(row: dict[str, Any], task: str, where: str) -> str:
    doc = row.get("doc")
    named = doc.get("task_id") if isinstance(doc, dict) else None
    if isinstance(named, str) and named:
        return named
    if isinstance(named, int):
        return f"MBPP/{named}"
    if not task:
        raise DataError(
            f"{where}: the document has no task_id, and the file's name does not tell its task; "
            "name the file as lm-eval does, samples_TASK_TIME.jsonl"
        )
    return f"{task}-doc{field_of(row, 'doc_id', int, where)}"


def _verdict(row: dict[str, Any]) -> bool | None:
    """Of all samples of a document, where pass@1 tells that all passed, or none."""
    value = row.get("pass@1", row.get("pass_at_1"))
    return {0.0: False, 1.0: True}.get(value) if isinstance(value, int | float) else None


def _row(
    number: int,
    task: str,
    samples: list[FileSample],
    known: Mapping[str, Problem],
    losses: Losses,
) -> dict[str, Any]:
    """A document as lm-eval's `humaneval` logs it."""
    problem = known.get(task)
    if problem is None:
        raise DataError(f"{task} is no problem of the benchmark; name that with --benchmark")
    programs = [whole_program(sample, problem) for sample in samples]
    passed = [sample.passed for sample in samples if sample.passed is not None]
    for missing in (program is None for program in programs):
        if missing:
            losses.add("replies without code, written as empty programs")
    if len(samples) > 1:
        for _ in passed:
            losses.add("verdicts of single samples, written as their mean")
    doc = {
        "task_id": task,
        "prompt": problem.prompt,
        "canonical_solution": problem.canonical_solution,
        "test": problem.test,
        "entry_point": problem.entry_point,
    }
    target = f"{problem.test}\ncheck({problem.entry_point})"
    return {
        "doc_id": number,
        "doc": doc,
        "target": target,
        "arguments": {"gen_args_0": {"arg_0": problem.prompt, "arg_1": {}}},
        "resps": [[sample.text for sample in samples]],
        "filtered_resps": [[program or "" for program in programs]],
        "filter": "create_test",
        "metrics": ["pass@1"] if passed else [],
        "doc_hash": _hash(json.dumps(doc, indent=2, ensure_ascii=False)),
        "prompt_hash": _hash(problem.prompt),
        "target_hash": _hash(target),
        **({"pass@1": sum(passed) / len(passed)} if passed else {}),
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
