"""lm-eval's scores, and what became of them since a baseline, as rows of text for every report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from pytest_aibench.scoring.metrics import MetricComparison

__all__ = ["CHANGE_HEADER", "HEADER", "change_rows", "columns", "score_rows"]

Row: TypeAlias = tuple[str, ...]

HEADER: Row = ("task", "filter", "metric", "value", "stderr")
CHANGE_HEADER: Row = ("task", "filter", "metric", "before", "after", "difference", "p", "answer")
_TEXT_COLUMNS = 3
_NO_METRICS = frozenset({"alias", "name", "sample_len", "sample_count"})
_NONE = "none"
_LARGE = 1e7  # as the perplexity of a model that knows nothing


def score_rows(results: Mapping[str, Any]) -> list[Row]:
    """Task, filter, metric, value and standard error of all that `simple_evaluate` returned."""
    tasks = {**results.get("results", {}), **results.get("groups", {})}
    return [(name, *row) for name, scores in tasks.items() for row in _metrics(scores)]


def change_rows(metrics: Iterable[MetricComparison]) -> list[Row]:
    """A row below `CHANGE_HEADER` for each comparison."""
    return [
        (
            found.task,
            *_names(found.metric),
            _number(found.before),
            _number(found.after),
            _number(found.difference),
            "" if found.p_value is None else f"{found.p_value:.2g}",
            str(found.answer),
        )
        for found in metrics
    ]


def columns(header: Row, rows: Sequence[Row]) -> list[str]:
    """Lines of text: words to the left, numbers to the right."""
    table = [header, *rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(header))]
    return [
        "  ".join(
            cell.rjust(width) if i >= _TEXT_COLUMNS else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]


def _metrics(scores: Mapping[str, Any]) -> Iterator[Row]:
    for key, value in scores.items():
        metric, comma, name = key.rpartition(",")
        if not comma or key in _NO_METRICS or metric.endswith("_stderr"):
            continue
        yield (*_names(key), _number(value), f"± {_number(scores.get(f'{metric}_stderr,{name}'))}")


def _names(key: str) -> tuple[str, str]:
    """Filter and metric of `METRIC,FILTER`."""
    metric, _, name = key.rpartition(",")
    return "" if name == _NONE else name, metric


def _number(value: Any) -> str:
    if isinstance(value, int | float):
        return f"{value:.4f}" if abs(value) < _LARGE else f"{value:.4g}"
    return str(value or "N/A")
