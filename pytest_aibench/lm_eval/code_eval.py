"""Hugging Face's `code_eval` metric in our sandbox: no model's code runs in this process."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from types import ModuleType
from typing import Any, TypeAlias

from pytest_aibench.records import Verdict
from pytest_aibench.sandbox.program import Limits, Program
from pytest_aibench.scoring.passk import pass_at_k

__all__ = ["CodeEval", "Execute", "redirected"]

NAME = "code_eval"
SECONDS = 3.0

Execute: TypeAlias = Callable[[Sequence[Program]], Sequence[Verdict]]
"""Gives the verdict on each program, in their order. Raises `SandboxError`."""


class CodeEval:
    """Stands for what `evaluate.load("code_eval")` returns.

    Outside `executing` programs are not run and count as wrong: tasks try the metric while they
    are loaded, and throw the result away.
    """

    def __init__(self) -> None:
        self._noted: dict[Program, None] = {}
        self._verdicts: dict[Program, Verdict] = {}
        self._execute: Execute | None = None

    def noted(self) -> Collection[Program]:
        """Filled with the programs that come from now on, as long as none is executed."""
        self._noted = {}
        return self._noted

    @contextlib.contextmanager
    def executing(self, execute: Execute, programs: Collection[Program]) -> Iterator[None]:
        """Judge by what `execute` says of `programs`; it is called again for what is none of them,
        as where a task makes a program of the verdict on another.

        Raises:
            SandboxError: nothing can be said about a program.
        """
        self._verdicts = dict(zip(programs, execute(list(programs)), strict=True))
        self._execute = execute
        try:
            yield
        finally:
            self._execute, self._verdicts = None, {}

    def compute(
        self,
        references: Sequence[str],
        predictions: Sequence[Sequence[str]],
        k: Sequence[int] = (1, 10, 100),
        num_workers: int = 4,
        timeout: float = SECONDS,
    ) -> tuple[dict[str, float], dict[int, list[tuple[int, dict[str, Any]]]]]:
        """Pass@k over the tasks, for each k that every task has candidates for, and the outcome of
        each candidate. `num_workers` is the metric's and has no meaning here.

        A candidate passes where `candidate + "\\n" + reference` runs to its end.

        Raises:
            SandboxError: nothing can be said about a candidate.
        """
        outcomes: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
        for task, (candidates, tests) in enumerate(zip(predictions, references, strict=True)):
            for number, candidate in enumerate(candidates):
                result = self._outcome(candidate, tests, timeout)
                outcomes[task].append(
                    (number, {"task_id": task, "completion_id": number, **result})
                )
        return _scores(outcomes, k), outcomes

    def _outcome(self, candidate: str, tests: str, timeout: float) -> dict[str, Any]:
        program = Program("python", candidate, tests, Limits(cpu_seconds=timeout))
        if self._execute is None:
            self._noted[program] = None
            return {"passed": False, "result": "not run"}
        if program not in self._verdicts:
            (self._verdicts[program],) = self._execute([program])
        verdict = self._verdicts[program]
        said = "passed" if verdict.passed else f"failed: {verdict.detail or verdict.kind}"
        return {"passed": verdict.passed, "result": said}


@contextlib.contextmanager
def redirected(metric: CodeEval) -> Iterator[None]:
    """Have `evaluate.load("code_eval")` give `metric`, whoever calls it."""
    import evaluate

    original = evaluate.load

    def load(path: str, *args: Any, **kwargs: Any) -> Any:
        return metric if path == NAME else original(path, *args, **kwargs)

    evaluate.load = load
    try:
        yield
    finally:
        evaluate.load = original


def is_redirected(module: ModuleType | None) -> bool:
    """Whether `module` executes code through the metric that was given to it."""
    return any(isinstance(value, CodeEval) for value in vars(module or object).values())


def _scores(
    outcomes: dict[int, list[tuple[int, dict[str, Any]]]], ks: Sequence[int]
) -> dict[str, float]:
    import numpy as np

    counts = [(len(of), sum(o["passed"] for _, o in of)) for _, of in sorted(outcomes.items())]
    return {
        f"pass@{k}": np.array([pass_at_k(n, c, k) for n, c in counts]).mean()
        for k in ks
        if all(n >= k for n, _ in counts)
    }
