"""EvalPlus's `eval_results.json`: every sample with the statuses of its base and its plus tests.

`{"date", "hash", "eval": {TASK: [{"task_id", "solution", "base_status", "plus_status",
"base_fail_tests", "plus_fail_tests"}]}, "pass_at_k": {"base", "plus"}}`; a status is `pass`, `fail`
or `timeout`, and `plus_status` null where only the base tests ran (`evalplus/evaluate.py`).
Files of EvalPlus up to 0.3.1 have no `pass_at_k`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_aibench.errors import UsageError
from pytest_aibench.interop.counting import by_task
from pytest_aibench.interop.evalplus import evalplus_id, solution_of
from pytest_aibench.interop.samples import FileSample, Losses, SampleFile, judged
from pytest_aibench.interop.textfiles import field_of, read_json, read_value, write_json
from pytest_aibench.models.base import ReplyForm
from pytest_aibench.problems.problem import Problem
from pytest_aibench.scoring.passk import mean_pass_at_k

__all__ = ["EvalPlusResults"]

_KS = (1, 10, 100)
_OURS = ("task_id", "solution")
_BASE_AND_PLUS = ("humaneval-plus", "mbpp-plus")

Rows = dict[str, list[dict[str, Any]]]


class EvalPlusResults:
    """`evalplus-results`. A sample passed that passed both its base and its plus tests."""

    name = "evalplus-results"

    def detect(self, path: Path) -> bool:
        content = read_value(path) if path.is_file() else None
        return isinstance(content, dict) and isinstance(content.get("eval"), dict)

    def read(self, path: Path, problems: Sequence[Problem] = ()) -> SampleFile:
        content = read_json(path)
        where = str(path)
        tasks = field_of(content, "eval", dict, where)
        facts = {key: value for key, value in content.items() if key != "eval"}
        return SampleFile(self.name, tuple(_samples(tasks, where)), facts)

    def write(self, file: SampleFile, path: Path, problems: Sequence[Problem] = ()) -> Losses:
        losses = Losses()
        known = {problem.id: problem for problem in problems}
        rows: Rows = {
            evalplus_id(task): [self._row(file, s, known, losses) for s in samples]
            for task, samples in by_task(_apart(judged(file, losses, self.name), losses)).items()
        }
        facts = dict(file.facts) if file.format == self.name else _new_facts()
        if "pass_at_k" in facts:
            facts["pass_at_k"] = _kept(facts["pass_at_k"], _pass_at_k(rows))
        head = {key: facts.pop(key) for key in ("date", "hash") if key in facts}
        write_json(path, {**head, "eval": rows, **facts})
        return losses

    def _row(
        self, file: SampleFile, sample: FileSample, known: dict[str, Problem], losses: Losses
    ) -> dict[str, Any]:
        head = {
            "task_id": evalplus_id(sample.task_id),
            "solution": solution_of(sample, known, losses),
        }
        extra = losses.add_fields(file, sample, self.name)
        return {**head, **(extra or _statuses(sample))}


def _new_facts() -> dict[str, Any]:
    return {"date": time.strftime("%Y-%m-%d %H:%M"), "hash": "", "pass_at_k": {}}


def _samples(tasks: dict[str, Any], where: str) -> Iterator[FileSample]:
    for task in tasks:
        for number, row in enumerate(field_of(tasks, task, list, where)):
            here = f"{where}: sample {number} of {task}"
            base = field_of(row, "base_status", str, here)
            plus = field_of(row, "plus_status", (str, type(None)), here)
            passed = base == "pass" and plus in (None, "pass")
            yield FileSample(
                task_id=field_of(row, "task_id", str, here),
                sample=number,
                text=field_of(row, "solution", str, here),
                form=ReplyForm.SOLUTION,
                passed=passed,
                result="passed" if passed else _result(base, plus),
                extra={key: value for key, value in row.items() if key not in _OURS},
            )


def _result(base: str, plus: str | None) -> str:
    if "timeout" in (base, plus):
        return "timeout"
    return "base tests failed" if base == "fail" else "plus tests failed"


def _apart(samples: Iterable[FileSample], losses: Losses) -> Iterator[FileSample]:
    """The samples of which there is a verdict on the base tests; the others are lost.

    Raises:
        UsageError: there are samples, and none has one.
    """
    found, lost = False, ""
    for sample in samples:
        if sample.benchmark in _BASE_AND_PLUS and not sample.base:
            losses.add("samples without a verdict on the base tests")
            lost = sample.benchmark
        else:
            found = True
            yield sample
    if lost and not found:
        raise UsageError(
            f"a verdict of {lost} is on base and plus tests together, and EvalPlus's file keeps "
            f"them apart; measure {lost}-base in the same run, or export that alone: "
            f"--benchmark {lost}-base"
        )


def _statuses(sample: FileSample) -> dict[str, Any]:
    """A verdict on both that failed is not known to be the plus tests' where base tests failed,
    too; EvalPlus counts such a sample as failed either way."""
    found = _status(bool(sample.passed), sample.result)
    return {
        "base_status": _status(sample.base == "passed", sample.base) if sample.base else found,
        "plus_status": found if sample.base else None,
        "base_fail_tests": [],
        "plus_fail_tests": [],
    }


def _status(passed: bool, result: str) -> str:
    return "pass" if passed else "timeout" if result == "timeout" else "fail"


def _pass_at_k(rows: Rows) -> dict[str, dict[str, float]]:
    """EvalPlus's scores: the base tests, and both where there are plus tests."""
    base = {task: [r["base_status"] == "pass" for r in found] for task, found in rows.items()}
    scores = {"base": _scores(base)}
    if any(row["plus_status"] is not None for found in rows.values() for row in found):
        both = {
            task: [r["base_status"] == r["plus_status"] == "pass" for r in found]
            for task, found in rows.items()
        }
        scores["plus"] = _scores(both)
    return scores


def _scores(passed: Mapping[str, list[bool]]) -> dict[str, float]:
    counts = [(len(found), sum(found)) for found in passed.values() if found]
    least = min((n for n, _ in counts), default=0)
    return {f"pass@{k}": mean_pass_at_k(counts, k) for k in _KS if k <= least}


def _kept(stored: Any, found: dict[str, dict[str, float]]) -> Any:
    """The scores in the file that was read, unless they are not those of its samples."""
    return stored if _close(stored, found) else found


def _close(stored: Any, found: dict[str, dict[str, float]]) -> bool:
    if not isinstance(stored, dict) or stored.keys() != found.keys():
        return False
    return all(
        isinstance(stored[part], dict)
        and stored[part].keys() == found[part].keys()
        and all(math.isclose(stored[part][k], found[part][k], abs_tol=1e-12) for k in found[part])
        for part in found
    )
