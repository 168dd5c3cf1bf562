"""Hugging Face's `code_eval` metric in our sandbox: no model's code runs in this process."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

from pytest_aibench.sandbox.program import Executor, Limits, Program
from pytest_aibench.scoring.passk import pass_at_k

__all__ = ["CodeEval", "redirected"]

NAME = "code_eval"
SECONDS = 3.0


class CodeEval:
    """Stands for what `evaluate.load("code_eval")` returns.

    Outside `executing` programs are not run and count as wrong: tasks try the metric while they
    are loaded, and throw the result away.
    """

    def __init__(self) -> None:
        self._open: Callable[[], Executor] | None = None
        self._executor: Executor | None = None

    @contextlib.contextmanager
    def executing(self, open_executor: Callable[[], Executor]) -> Iterator[None]:
        """Run programs in what `open_executor` gives, which is called if there is any."""
        self._open = open_executor
        try:
            yield
        finally:
            if self._executor is not None:
                self._executor.close()
            self._open = self._executor = None

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
        if self._open is None:
            return {"passed": False, "result": "not run"}
        if self._executor is None:
            self._executor = self._open()
        limits = Limits(cpu_seconds=timeout)
        verdict = self._executor.execute(Program("python", candidate, tests, limits))
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
