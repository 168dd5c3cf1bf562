"""CRUXEval: the generations of each sample problem, and the file of their scores.

`{"sample_0": ["f([1])", ...], ...}`; the scores are `{"raw_generations": the same,
"raw_scored_generations": {"sample_0": [true, ...]}, "pass_at_1": percent, "pass_at_5": percent}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_aibench.errors import DataError
from pytest_aibench.interop.counting import by_task
from pytest_aibench.interop.samples import FileSample, Losses, SampleFile, judged
from pytest_aibench.interop.textfiles import field_of, read_json, read_value, write_json
from pytest_aibench.models.base import ReplyForm
from pytest_aibench.problems.problem import Problem
from pytest_aibench.scoring.passk import mean_pass_at_k

__all__ = ["CruxEval"]

_TASK = re.compile(r"sample_[0-9]+")
_GENERATIONS = "raw_generations"
_SCORES = "raw_scored_generations"
_KS = (1, 5)


class CruxEval:
    """`cruxeval`, and `cruxeval-results` with the scores."""

    def __init__(self, *, results: bool) -> None:
        self.name = "cruxeval-results" if results else "cruxeval"
        self._results = results

    def detect(self, path: Path) -> bool:
        content = read_value(path) if path.is_file() else None
        if self._results and isinstance(content, dict):
            content = content.get(_GENERATIONS) if _SCORES in content else None
        return isinstance(content, dict) and bool(content) and all(map(_TASK.fullmatch, content))

    def read(self, path: Path, problems: Sequence[Problem] = ()) -> SampleFile:
        content = read_json(path)
        where = str(path)
        if not isinstance(content, dict):
            raise DataError(f"{where}: expected a JSON object, as CRUXEval writes")
        if not self._results:
            return SampleFile(self.name, tuple(_samples(content, {}, where)))
        texts = field_of(content, _GENERATIONS, dict, where)
        scores = field_of(content, _SCORES, dict, where)
        facts = {key: value for key, value in content.items() if key != _GENERATIONS}
        return SampleFile(self.name, tuple(_samples(texts, scores, where)), facts)

    def write(self, file: SampleFile, path: Path, problems: Sequence[Problem] = ()) -> Losses:
        losses = Losses()
        anew = self._results and file.format != self.name
        tasks = by_task(judged(file, losses, self.name) if anew else file.samples)
        texts = {task: [s.text for s in found] for task, found in tasks.items()}
        for sample in (s for found in tasks.values() for s in found):
            losses.add_fields(file, sample, self.name)
            if sample.passed is not None and not self._results:
                losses.add("verdicts")
        if not self._results:
            write_json(path, texts)
        elif file.format == self.name:
            write_json(path, {_GENERATIONS: texts, **file.facts})
        else:
            write_json(path, {_GENERATIONS: texts, **_scored(tasks)})
        return losses


def _samples(texts: dict[str, Any], scores: dict[str, Any], where: str) -> Iterator[FileSample]:
    """CRUXEval leaves the scores of predictions that break its rules out: a list of scores that is
    shorter than the generations says nothing of any single one."""
    for task in texts:
        found = field_of(texts, task, list, where)
        judged = scores.get(task, [])
        known = isinstance(judged, list) and len(judged) == len(found)
        for number, text in enumerate(found):
            if not isinstance(text, str):
                raise DataError(f"{where}: generation {number} of {task} is not a text")
            passed = bool(judged[number]) if known else None
            result = {True: "passed", False: "failed", None: ""}[passed]
            yield FileSample(task, number, text, ReplyForm.COMPLETION, passed, result)


def _scored(tasks: Mapping[str, list[FileSample]]) -> dict[str, Any]:
    scores = {task: [bool(s.passed) for s in found] for task, found in tasks.items()}
    counts = [(len(found), sum(found)) for found in scores.values()]
    least = min((n for n, _ in counts), default=0)
    means = {f"pass_at_{k}": 100 * mean_pass_at_k(counts, k) for k in _KS if k <= least}
    return {_SCORES: scores, **means}
