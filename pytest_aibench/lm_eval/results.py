"""lm-eval's results as plain JSON, and as a table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from pytest_aibench.records import sanitise

__all__ = ["HEADER", "plain", "score_rows", "split_samples", "table", "task_hashes"]

Row: TypeAlias = tuple[str, str, str, str, str]

HEADER: Row = ("task", "filter", "metric", "value", "stderr")
_NO_METRICS = frozenset({"alias", "name", "sample_len", "sample_count"})
_NONE = "none"


def plain(value: Any) -> Any:
    """`value` as JSON has it: numpy's numbers as Python's, functions as their names."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(v) for v in value]
    if isinstance(value, str | bool | int | float) or value is None:
        return sanitise(float(value) if isinstance(value, float) else value)
    if hasattr(value, "item") and getattr(value, "size", 0) == 1:
        return sanitise(value.item())
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return getattr(value, "__name__", str(value)) if callable(value) else str(value)


def task_hashes(samples: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, str]:
    """SHA-256 over the documents, prompts and targets of each task, as lm-eval's own results have
    it (`EvaluationTracker.save_results_aggregated`)."""
    return {
        task: hashlib.sha256(
            "".join(s["doc_hash"] + s["prompt_hash"] + s["target_hash"] for s in of).encode()
        ).hexdigest()
        for task, of in samples.items()
    }


def split_samples(samples: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    """lm-eval's samples, each on a line with its task."""
    for task, of in samples.items():
        for sample in of:
            yield json.dumps(plain({"task": task, **sample})) + "\n"


def score_rows(results: Mapping[str, Any]) -> list[Row]:
    """Task, filter, metric, value and standard error; groups after their tasks."""
    tasks = {**results.get("results", {}), **results.get("groups", {})}
    return [(name, *row) for name, scores in tasks.items() for row in _metrics(scores)]


def table(results: Mapping[str, Any]) -> list[str]:
    """`score_rows` in columns with a header."""
    rows = [HEADER, *score_rows(results)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADER))]
    return [
        "  ".join(
            cell.rjust(width) if i > 2 else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _metrics(scores: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for key, value in scores.items():
        metric, comma, name = key.rpartition(",")
        if not comma or key in _NO_METRICS or metric.endswith("_stderr"):
            continue
        stderr = scores.get(f"{metric}_stderr,{name}")
        yield "" if name == _NONE else name, metric, _number(value), f"± {_number(stderr)}"


def _number(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, int | float) else str(value or "N/A")
