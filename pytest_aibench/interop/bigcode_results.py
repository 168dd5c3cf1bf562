"""BigCode's `evaluation_results.json`: the scores of tasks, and the options of the run.

`{TASK: {"pass@1": 0.25}, ..., "config": {option: value}}` (`bigcode_eval`, `main.py`). It holds no
samples: it is written from a summary, and read to be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_aibench.errors import DataError
from pytest_aibench.interop.textfiles import read_json, read_value, write_json
from pytest_aibench.scoring.summary import Summary

__all__ = ["BigCodeResults", "is_bigcode_results", "task_name"]


@dataclass(frozen=True, slots=True)
class BigCodeResults:
    """Scores by task and metric, and the run's options."""

    scores: dict[str, Any]
    config: dict[str, Any]

    @classmethod
    def of(cls, summary: Summary) -> BigCodeResults:
        """The scores of a run; options by BigCode's names where it has them."""
        settings, renamed = summary.run.settings, {"max_tokens": "max_length_generation"}
        stripped = settings.get("profile") == "bigcode"
        return cls(
            {
                task_name(name, stripped): {f"pass@{k}": e.value for k, e in counted.scores.items()}
                for name, counted in summary.benchmarks.items()
            },
            {
                "model": summary.run.model,
                "tasks": ",".join(task_name(name, stripped) for name in summary.benchmarks),
                **{renamed.get(key, key): value for key, value in settings.items()},
            },
        )

    @classmethod
    def read(cls, path: Path) -> BigCodeResults:
        """Raises `DataError`: the file is no results of BigCode."""
        content = read_json(path)
        if not _fits(content):
            raise DataError(f"{path}: is no evaluation_results.json of BigCode")
        scores = {task: found for task, found in content.items() if task != "config"}
        return cls(scores, content["config"])

    def write(self, path: Path) -> None:
        """Write as BigCode does, indented by two. Raises `OSError`."""
        write_json(path, {**self.scores, "config": self.config}, indent=2)

    def lines(self) -> list[str]:
        """One line a task."""
        return [
            f"{task}: " + ", ".join(f"{metric} {value}" for metric, value in (found or {}).items())
            for task, found in self.scores.items()
        ]


def is_bigcode_results(path: Path) -> bool:
    """Whether the file looks like one."""
    return path.is_file() and _fits(read_value(path))


def task_name(benchmark: str, stripped: bool = False) -> str:
    """BigCode's name of the task that a benchmark of ours is; `stripped`: its prompts were."""
    for ours, theirs in (
        ("humanevalpack-synthesize-", "humanevalsynthesize-"),
        ("humanevalpack-fix-", "humanevalfixtests-"),
        ("multipl-e-", "multiple-"),
    ):
        if benchmark.startswith(ours):
            return theirs + benchmark.removeprefix(ours)
    return "humaneval-unstripped" if benchmark == "humaneval" and not stripped else benchmark


def _fits(content: Any) -> bool:
    if not isinstance(content, dict) or not isinstance(content.get("config"), dict):
        return False
    return all(isinstance(found, dict | None) for found in content.values())
