"""lm-eval's results as plain JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pytest_aibench.records import sanitise

__all__ = ["plain", "split_samples", "task_hashes"]


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
