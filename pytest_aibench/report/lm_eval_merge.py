"""lm-eval's scores of several shards: those of different tasks stand beside each other.

A score needs all documents of its task in one evaluation, so that the parts of one task cannot be
merged; no two tasks of an evaluation have anything in common but their groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from pytest_aibench.errors import UsageError
from pytest_aibench.report.jsonfile import write_text

__all__ = ["lm_eval_samples_path", "merge_lm_eval", "merge_lm_eval_samples"]

_REMEDY = (
    "Run the whole task once more with the shards' --aibench-cache: what they asked is not asked "
    "again"
)


def lm_eval_samples_path(summary: Path) -> Path:
    """Where lm-eval's record of every document is, of the run with this summary."""
    return summary.with_suffix(".lm-eval.jsonl")


def merge_lm_eval(shards: Mapping[Path, Mapping[str, Any]]) -> dict[str, Any]:
    """The scores of all shards as of one run, with tasks in the order of their names.

    Raises:
        UsageError: a shard has a part of its documents only, two have the same task, or they were
            evaluated otherwise.
    """
    having = {path: found for path, found in shards.items() if found}
    if not having:
        return {}
    _check(having)
    found = sorted(having.values(), key=lambda results: min(results["results"], default=""))
    names = dict.fromkeys(name for results in found for name in results)
    merged = {name: _member([of[name] for of in found if name in of]) for name in names}
    documents = [results.get("aibench", {}).get("documents", {}) for results in found]
    # Shards with scores lack nothing.
    merged["aibench"] = {"complete": True, "documents": _member(documents), "missing": 0}
    return merged


def merge_lm_eval_samples(shards: Sequence[Path], out: Path) -> Path | None:
    """Write the documents of all shards to one file beside the summary `out`; None if no shard
    has any.

    Raises:
        OSError: a file cannot be read or written.
    """
    paths = [path for path in map(lm_eval_samples_path, shards) if path.exists()]
    if not paths:
        return None
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(paths))
    write_text(lm_eval_samples_path(out), text)
    return lm_eval_samples_path(out)


def _check(shards: Mapping[Path, Mapping[str, Any]]) -> None:
    owners: dict[str, Path] = {}
    first = next(iter(shards))
    for path, found in shards.items():
        if "results" not in found:
            raise UsageError(
                f"{path} has a part of the documents of lm-eval's tasks, and scores need all of "
                f"them in one run. {_REMEDY}"
            )
        if found.get("config") != shards[first].get("config"):
            raise UsageError(
                f"{path} and {first} were evaluated with different settings of lm-eval (config); "
                "merge shards of one command only"
            )
        for task in found["results"]:
            if task in owners:
                raise UsageError(
                    f"{path} and {owners[task]} both have scores of lm-eval's {task}, which "
                    f"cannot be merged. Leave one of them out. {_REMEDY}"
                )
            owners[task] = path


def _member(values: Sequence[Any]) -> Any:
    """Tasks of all shards; what is no mapping of tasks is the first shard's."""
    if not all(isinstance(value, dict) for value in values):
        return values[0]
    return dict(sorted((item for of in values for item in of.items()), key=itemgetter(0)))
