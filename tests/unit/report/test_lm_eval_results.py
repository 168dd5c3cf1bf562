from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from pytest_aibench.report.lm_eval_results import lm_eval_results, write_lm_eval_results
from tests.unit.report.golden_run import AFTER, ERRORS


def test_scores_are_where_lm_evals_readers_look() -> None:
    content = lm_eval_results(AFTER)
    results = content["results"]["alpha"]
    assert results["pass@1,create_test"] == AFTER.benchmarks["alpha"].scores[1].value
    assert results["pass@10_stderr,create_test"] == AFTER.benchmarks["alpha"].scores[10].stderr
    assert results["alias"] == "alpha"
    assert content["n-samples"]["beta"] == {"original": 3, "effective": 3}
    assert content["configs"]["alpha"]["repeats"] == 10
    assert content["higher_is_better"]["alpha"] == {"pass@1": True, "pass@10": True}


def test_every_member_by_task_names_every_task() -> None:
    content = lm_eval_results(AFTER)
    by_task = ("results", "configs", "versions", "n-shot", "higher_is_better", "n-samples")
    assert {tuple(content[name]) for name in by_task} == {("alpha", "beta")}


def test_an_incomplete_run_says_so() -> None:
    assert lm_eval_results(ERRORS)["aibench"]["incomplete"] == list(ERRORS.incomplete)


def test_the_file_is_named_as_lm_eval_names_it(tmp_path: Path) -> None:
    path = write_lm_eval_results(tmp_path, AFTER)
    assert path == tmp_path / "openai__some__model" / "results_2026-01-02T03-04-05+00-00.json"
    assert json.loads(path.read_text()) == json.loads(json.dumps(lm_eval_results(AFTER)))


def test_a_run_without_a_start_is_named_by_its_id(tmp_path: Path) -> None:
    undated = replace(AFTER, run=replace(AFTER.run, started_at=""))
    assert write_lm_eval_results(tmp_path, undated).name == f"results_{AFTER.run.id}.json"
