"""What a task's scoring would execute, caught before it does.

Every task that executes candidates hands them to one of a few functions. While the task scores
one candidate, stand-ins take the place of those functions in the module of its
`process_results`; the first to be called notes its arguments and ends the scoring. So texts and
limits are exactly those of the harness, and nothing runs in this process.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any, NoReturn

from pytest_aibench.errors import UsageError

__all__ = ["Execution", "capture", "stand_ins"]


@dataclass(frozen=True, slots=True)
class Execution:
    """A program: `candidate`, a newline, `tests`; `language` as its `judge` spells it.

    `seconds` is the judge's time limit, None where that is the language's own.
    """

    judge: str
    language: str
    candidate: str
    tests: str
    seconds: float | None = None


class _Caught(BaseException):
    """Ends the scoring."""

    def __init__(self, execution: Execution) -> None:
        self.execution = execution


def capture(
    task: Any, names: dict[str, object], document: object, reference: object, candidate: str
) -> Execution:
    """What `task` would execute to score `candidate` as an answer to `document`.

    `names` are the `stand_ins` of the task.

    Raises:
        UsageError: it does not come to execute anything.
    """
    with contextlib.ExitStack() as around:
        around.enter_context(_instead(_scoring(task).__globals__, _with_folder(names, around)))
        around.enter_context(_only(task, document))
        around.enter_context(_silence())
        try:
            task.process_results([[candidate]], [reference])
        except _Caught as caught:
            return _apart(caught.execution, candidate)
    raise UsageError("its scoring executes no candidate")


def stand_ins(task: Any) -> dict[str, object]:
    """For the names by which the task's scoring calls functions that execute, their stand-ins.

    Raises:
        UsageError: it calls none.
    """
    scoring = _scoring(task)
    used = _names(scoring.__code__)
    found = {
        name: _STAND_INS[_origin(value)]
        for name, value in scoring.__globals__.items()
        if name in used and _origin(value) in _STAND_INS
    }
    if not found:
        raise UsageError("its scoring is none of programs that pass or fail")
    return found


def _apart(execution: Execution, candidate: str) -> Execution:
    """Candidate and tests of a program that was caught in one piece."""
    if execution.tests or not execution.candidate.startswith(candidate):
        return execution
    return replace(execution, candidate=candidate, tests=execution.candidate[len(candidate) :])


def _scoring(task: Any) -> Any:
    return inspect.unwrap(type(task).process_results)


def _names(code: CodeType) -> set[str]:
    inner = [_names(part) for part in code.co_consts if isinstance(part, CodeType)]
    return set(code.co_names).union(*inner)


def _origin(value: object) -> tuple[str, str]:
    return getattr(value, "__module__", None) or "", getattr(value, "__qualname__", None) or ""


def _with_folder(names: dict[str, object], around: contextlib.ExitStack) -> dict[str, object]:
    """`names`, with a folder of its own for a task that passes candidates through named files.

    Another worker would overwrite them.
    """
    if _evaluate_problem not in names.values():
        return names
    folder = around.enter_context(tempfile.TemporaryDirectory(prefix="aibench-bigcode-"))
    return {**names, "tempfile": SimpleNamespace(gettempdir=lambda: folder)}


@contextlib.contextmanager
def _instead(scope: dict[str, object], names: dict[str, object]) -> Iterator[None]:
    before = {name: scope[name] for name in names}
    scope.update(names)
    try:
        yield
    finally:
        scope.update(before)


class _One(list[object]):
    """A data set of one document."""

    def select(self, _: object) -> _One:
        return self


@contextlib.contextmanager
def _only(task: Any, document: object) -> Iterator[None]:
    # Scoring finds a candidate's document by its place in the data set.
    task.get_dataset = lambda: _One([document])
    try:
        yield
    finally:
        del task.get_dataset


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        yield


def _code_eval(
    predictions: Sequence[Sequence[str]],
    references: Sequence[str],
    *_: object,
    timeout: float = 3.0,
    **__: object,
) -> NoReturn:
    """`compute_code_eval` of `custom_metrics/code_eval.py`, and Hugging Face's `code_eval`."""
    raise _Caught(Execution("code_eval", "python", predictions[0][0], references[0], timeout))


def _octopack(
    *,
    predictions: Sequence[Sequence[str]],
    references: Sequence[str],
    language: str = "python",
    timeout: float = 3.0,
    **_: object,
) -> NoReturn:
    """`compute` of OctoPack's metric."""
    raise _Caught(Execution("octopack", language, predictions[0][0], references[0], timeout))


_METRICS: dict[str, Callable[..., NoReturn]] = {
    "code_eval": _code_eval,
    "code_eval_octopack": _octopack,
}


def _load(path: str, *_: object, **__: object) -> SimpleNamespace:
    """`evaluate.load`."""
    name = path.rpartition("/")[2]
    if name not in _METRICS:
        raise UsageError(f"its metric is {path}, which is none of programs that pass or fail")
    return SimpleNamespace(compute=_METRICS[name])


def _evaluate_problem(_: str, problem_file: str, *__: object) -> NoReturn:
    """`evaluate_problem` of MultiPL-E."""
    problem = json.loads(Path(problem_file).read_text(encoding="utf-8"))
    program = (problem["completions"][0], problem["tests"])
    raise _Caught(Execution("multipl-e", problem["language"], *program))


def _run_assembled_program(item: Mapping[str, str]) -> NoReturn:
    """The function of that name in `studenteval.py`."""
    raise _Caught(Execution("script", "python", item["program"], ""))


_CUSTOM = "bigcode_eval.tasks.custom_metrics"
_STAND_INS: dict[tuple[str, str], object] = {
    (f"{_CUSTOM}.code_eval", "compute_code_eval"): _code_eval,
    (f"{_CUSTOM}.multiple_metrics.evaluation", "evaluate_problem"): _evaluate_problem,
    ("bigcode_eval.tasks.studenteval", "_run_assembled_program"): _run_assembled_program,
    ("evaluate.loading", "load"): _load,
}
