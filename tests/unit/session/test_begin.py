"""When the model is first asked: beside the reference solutions, but never for a refused run."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.session.controller import Controller
from pytest_aibench.session.prepare import Prepared


class Steps(Controller):
    """Notes its steps instead of taking them."""

    def __init__(self, baseline: Any, refusal: str = "") -> None:
        self.steps: list[str] = []
        self.refusal = refusal
        self.baseline = baseline
        self._gate = self  # type: ignore[assignment]
        self.settings = self  # type: ignore[assignment]
        self.n_samples = 1

    def _check_solutions(self) -> None:
        self.steps.append("solutions")

    def _summarise(self) -> Any:
        return None

    def check(self, planned: Any) -> None:
        self.steps.append("check")
        if self.refusal:
            raise UsageError(self.refusal)

    def outlook(self, planned: Any, n_samples: int) -> list[str]:
        return []

    def ask(self) -> None:
        self.steps.append("ask")


def test_the_model_answers_while_the_solutions_run() -> None:
    run = Steps(baseline=None)
    run.begin(Prepared(), run.ask)
    assert run.steps == ["ask", "solutions", "check"]


def test_with_a_baseline_it_is_asked_once_the_run_is_known_to_be_comparable() -> None:
    run = Steps(baseline=object())
    run.begin(Prepared(), run.ask)
    assert run.steps == ["solutions", "check", "ask"]


def test_a_run_that_is_refused_asks_nothing() -> None:
    run = Steps(baseline=object(), refusal="another data set")
    with pytest.raises(UsageError):
        run.begin(Prepared(), run.ask)
    assert run.steps == ["solutions", "check"]
