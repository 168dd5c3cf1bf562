from __future__ import annotations

import sys
from types import ModuleType

import pytest

from pytest_aibench.errors import SandboxError
from pytest_aibench.lm_eval.code_eval import CodeEval, is_redirected, redirected
from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.program import Program


class Judge:
    """Passes what contains the word "good"; stands for an engine that these tests need not."""

    image_digest = ""

    def __init__(self) -> None:
        self.programs: list[Program] = []
        self.closed = False

    def execute(self, program: Program) -> Verdict:
        self.programs.append(program)
        if "broken" in program.solution:
            raise SandboxError("no engine")
        good = "good" in program.solution
        return Verdict(VerdictKind.PASSED if good else VerdictKind.TIMEOUT, "" if good else "slow")

    def close(self) -> None:
        self.closed = True


def test_pass_at_k_has_the_metrics_shape_and_formula() -> None:
    code_eval, judge = CodeEval(), Judge()
    with code_eval.executing(lambda: judge):
        scores, outcomes = code_eval.compute(
            references=["assert 1", "assert 2"],
            predictions=[["good", "bad", "bad"], ["good", "good", "bad"]],
            k=[1, 2, 10],
        )
    assert scores == {"pass@1": pytest.approx(0.5), "pass@2": pytest.approx((2 / 3 + 1) / 2)}
    assert [o["passed"] for _, o in outcomes[1]] == [True, True, False]
    assert outcomes[0][1] == (
        1, {"task_id": 0, "completion_id": 1, "passed": False, "result": "failed: slow"},
    )  # fmt: skip
    assert judge.programs[0].tests == "assert 1"
    assert judge.programs[0].limits.cpu_seconds == 3.0
    assert judge.closed


def test_nothing_runs_while_a_task_is_loaded() -> None:
    scores, _ = CodeEval().compute(["assert add(2, 3)==5"], [["import os; os._exit(1)"]], k=[1])
    assert scores == {"pass@1": 0.0}


def test_a_broken_sandbox_is_no_wrong_answer() -> None:
    code_eval, judge = CodeEval(), Judge()
    with pytest.raises(SandboxError), code_eval.executing(lambda: judge):
        code_eval.compute(["assert 1"], [["broken"]], k=[1])
    assert judge.closed


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
