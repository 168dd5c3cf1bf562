"""Which sample of its problem a row is, in files whose rows follow one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from pytest_aibench.interop.samples import FileSample

__all__ = ["RowCounter", "by_task"]


class RowCounter:
    """Numbers the rows of each problem from 0, as they come."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def next_of(self, task_id: str) -> int:
        self._seen[task_id] += 1
        return self._seen[task_id] - 1


def by_task(samples: Iterable[FileSample]) -> dict[str, list[FileSample]]:
    """The samples of each problem, in the order of their indices; problems as they come."""
    tasks: defaultdict[str, list[FileSample]] = defaultdict(list)
    for sample in samples:
        tasks[sample.task_id].append(sample)
    return {task: sorted(found, key=lambda s: s.sample) for task, found in tasks.items()}
