from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import pytest

from pytest_aibench.errors import SandboxError
from pytest_aibench.lm_eval.code_eval import CodeEval, is_redirected, redirected
from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.program import Program


class Judge:
    """Passes what contains the word "good"; stands for an engine that these tests need not."""

    def __init__(self) -> None:
        self.calls: list[list[Program]] = []

    def __call__(self, programs: Sequence[Program]) -> list[Verdict]:
        self.calls.append(list(programs))
        return [_verdict(program.solution) for program in programs]


def _verdict(solution: str) -> Verdict:
    if "broken" in solution:
        raise SandboxError("no engine")
    good = "good" in solution
    return Verdict(VerdictKind.PASSED if good else VerdictKind.TIMEOUT, "" if good else "slow")


ASKED: dict[str, Any] = {
    "references": ["assert 1", "assert 2"],
    "predictions": [["good", "bad", "bad"], ["good", "good", "bad"]],
    "k": [1, 2, 10],
}


def test_pass_at_k_has_the_metrics_shape_and_formula() -> None:
    code_eval = CodeEval()
    with code_eval.executing(Judge(), ()):
        scores, outcomes = code_eval.compute(**ASKED)
    assert scores == {"pass@1": pytest.approx(0.5), "pass@2": pytest.approx((2 / 3 + 1) / 2)}
    assert [o["passed"] for _, o in outcomes[1]] == [True, True, False]
    assert outcomes[0][1] == (
        1, {"task_id": 0, "completion_id": 1, "passed": False, "result": "failed: slow"},
    )  # fmt: skip


def test_what_was_noted_is_judged_at_once_and_each_program_once() -> None:
    code_eval, judge = CodeEval(), Judge()
    programs = code_eval.noted()
    assert code_eval.compute(**ASKED)[0] == {"pass@1": 0.0, "pass@2": 0.0}
    with code_eval.executing(judge, programs):
        scores, _ = code_eval.compute(**ASKED)
        code_eval.compute(references=["assert 3"], predictions=[["good"]], k=[1])
    assert scores["pass@1"] == pytest.approx(0.5)
    first, second = judge.calls
    assert [(p.solution, p.tests) for p in first] == [
        ("good", "assert 1"), ("bad", "assert 1"), ("good", "assert 2"), ("bad", "assert 2"),
    ]  # fmt: skip
    assert {p.limits.cpu_seconds for p in first} == {3.0}
    assert [p.tests for p in second] == ["assert 3"]


def test_nothing_runs_while_a_task_is_loaded() -> None:
    scores, _ = CodeEval().compute(["assert add(2, 3)==5"], [["import os; os._exit(1)"]], k=[1])
    assert scores == {"pass@1": 0.0}


def test_a_broken_sandbox_is_no_wrong_answer() -> None:
    code_eval = CodeEval()
    with pytest.raises(SandboxError), code_eval.executing(Judge(), ()):
        code_eval.compute(["assert 1"], [["broken"]], k=[1])


def test_only_this_metric_is_replaced_and_only_for_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    evaluate = ModuleType("evaluate")
    evaluate.load = original = lambda path: f"the real {path}"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "evaluate", evaluate)
    code_eval = CodeEval()
    with redirected(code_eval):
        task = ModuleType("task")
        task.compute_ = evaluate.load("code_eval")  # type: ignore[attr-defined]
        assert task.compute_ is code_eval
        assert evaluate.load("bleu") == "the real bleu"
    assert evaluate.load is original
    assert is_redirected(task)
    assert not is_redirected(evaluate)
    assert not is_redirected(None)
