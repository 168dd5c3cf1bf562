from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("lm_eval", reason="lm-eval is not installed: pip install pytest-aibench[dev]")

from pytest_aibench.errors import UsageError
from pytest_aibench.lm_eval.evaluation import CapturingTaskManager, Evaluation
from pytest_aibench.lm_eval.options import LmEvalOptions
from pytest_aibench.lm_eval.quiet import quiet
from pytest_aibench.models.base import Sampling
from pytest_aibench.records import Verdict
from pytest_aibench.sandbox.program import Program
from tests.unit.lm_eval.tasks import write_tasks


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tasks(tmp_path_factory.mktemp("tasks"))


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def options(folder: Path, *tasks: str) -> LmEvalOptions:
    return LmEvalOptions(tasks, (folder,), None, None, 10)


def no_engine(programs: Sequence[Program]) -> list[Verdict]:
    raise AssertionError("these tasks run no programs")


def test_documents_come_in_lm_evals_order_with_all_their_requests(folder: Path) -> None:
    plan = Evaluation(options(folder, "t_choice", "t_votes"), "m").plan()
    assert list(plan.tasks) == ["t_choice", "t_votes"]
    assert [d.doc_id for d in plan.tasks["t_choice"]] == list(range(12))
    # Three choices, each once with the question and once without for mutual information.
    assert {len(d.requests) for d in plan.tasks["t_choice"]} == {6}
    assert {d.repeats for d in plan.tasks["t_votes"]} == {3}


def test_limits_examples_and_sampling_are_in_the_requests(folder: Path) -> None:
    asked = replace(options(folder, "t_words"), num_fewshot=0, limit=0.25)
    sampling = Sampling(temperature=0.3, max_tokens=2, top_p=0.9)
    plan = Evaluation(asked, "m", sampling).plan()
    assert len(plan.documents) == 3
    context, arguments = plan.documents[0].requests[0].arguments
    assert context == "Q: What is 0 and 0?\nA:"
    assert arguments["temperature"] == 0.3
    assert arguments["do_sample"] is True
    assert arguments["max_gen_toks"] == 2
    assert arguments["until"] == ["\n", "Q:"]


def test_a_score_can_be_had_twice(folder: Path) -> None:
    evaluation = Evaluation(options(folder, "t_words"), "m")
    plan = evaluation.plan()
    answers = {label: [" 4"] for label in plan.labels}
    first, second = (evaluation.score(plan, answers, no_engine)["results"] for _ in range(2))
    assert first == second
    assert first["t_words"]["exact_match,strict"] == 0.5


def test_tasks_that_run_no_code_need_no_sandbox(folder: Path) -> None:
    evaluation = Evaluation(options(folder, "t_words"), "m")
    evaluation.plan()
    assert evaluation.executes_code is False


def test_a_folder_that_is_not_there(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"--include-path .*nowhere: there is no such folder"):
        Evaluation(options(folder / "nowhere", "t_words"), "m").plan()


def test_a_task_that_is_nowhere_is_refused_with_the_remedy(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = CapturingTaskManager(include_path=[str(folder)], include_defaults=False)
    # Without this lm-eval reads its own folder for some seconds.
    monkeypatch.setattr(Evaluation, "_task_manager", lambda *_, **__: own)
    with pytest.raises(UsageError, match=r"--lm-eval-tasks t_nothing: .*--include-path"):
        Evaluation(options(folder, "t_nothing"), "m").plan()


def test_a_tag_stands_for_its_tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_tasks(tmp_path)
    for name in ("t_words", "t_bleu"):
        path = folder / f"{name}.yaml"
        path.write_text(path.read_text() + "tag: [t_tag]\n")
    own = CapturingTaskManager(include_path=[str(folder)], include_defaults=False)
    monkeypatch.setattr(Evaluation, "_task_manager", lambda *_, **__: own)
    plan = Evaluation(options(folder, "t_tag"), "m").plan()
    assert set(plan.tasks) == {"t_words", "t_bleu"}


def test_data_that_is_nowhere_is_refused_with_the_remedy(tmp_path: Path) -> None:
    folder = write_tasks(tmp_path)
    (folder / "rows.jsonl").unlink()
    with pytest.raises(UsageError, match=r"t_words: lm-eval cannot load .*--include-path"):
        Evaluation(options(folder, "t_words"), "m").plan()


def test_lm_eval_leaves_no_trace(capfd: pytest.CaptureFixture[str]) -> None:
    def state() -> tuple[object, ...]:
        numpys = np.random.get_state(legacy=False)["state"]
        return random.getstate(), numpys["key"].tolist(), numpys["pos"], dict(os.environ)

    random.seed(1)
    np.random.seed(1)
    before = state()
    with quiet():
        random.seed(2)
        np.random.seed(2)
        print("noise")
        os.write(2, b"noise")
        assert os.environ["DISABLE_MULTIPROC"] == "1"
    assert state() == before
    assert capfd.readouterr() == ("", "")
