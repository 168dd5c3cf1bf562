"""lm-eval's tasks with a real server (AIBENCH_REAL_SERVER, as in `test_real_server`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("lm_eval", reason="lm-eval is not installed: pip install pytest-aibench[dev]")

from tests.integration.lm_eval_runs import _loaded, _offline, evaluated, run, scores  # noqa: F401
from tests.integration.test_real_server import URL, model_name, pytestmark, spec  # noqa: F401
from tests.unit.lm_eval.tasks import write_tasks

GENERATED = ("t_words", "t_votes", "t_bleu")
SCORED = ("t_last", "t_pick")
PICK = """\
task: t_pick
dataset_path: json
dataset_kwargs: {data_files: {test: "DATA"}}
test_split: test
output_type: multiple_choice
doc_to_text: "{{q}}"
doc_to_choice: "{{choices}}"
doc_to_target: gold
metric_list:
  - {metric: acc, aggregation: mean, higher_is_better: true}
  - {metric: acc_norm, aggregation: mean, higher_is_better: true}
"""


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_tasks(tmp_path_factory.mktemp("tasks"))
    (folder / "pick.yaml").write_text(PICK.replace("DATA", str(folder / "rows.jsonl")))
    return folder


def expected(tasks: Path, names: tuple[str, ...], spec: str) -> dict[str, Any]:  # noqa: F811
    return evaluated(tasks, names, spec, seed=7, base_url=URL)


@pytest.mark.parametrize("ways", [(), ("-n2",)], ids=["alone", "xdist"])
def test_what_is_written_gets_simple_evaluates_scores(
    pytester: pytest.Pytester,
    tasks: Path,
    spec: str,  # noqa: F811
    ways: tuple[str, ...],
) -> None:
    asked = ("--model", spec, "--base-url", URL, "--lm-eval-tasks", ",".join(GENERATED))
    result, summary = run(pytester, tasks, *asked, "--seed", "7", *ways)
    assert result.ret == 0, result.stdout.str()
    assert scores(summary) == expected(tasks, GENERATED, spec)


def test_what_is_scored_gets_simple_evaluates_scores_or_is_refused(
    pytester: pytest.Pytester,
    tasks: Path,
    spec: str,  # noqa: F811
) -> None:
    asked = ("--model", spec, "--base-url", URL, "--lm-eval-tasks", ",".join(SCORED))
    result, summary = run(pytester, tasks, *asked, "--seed", "7", "-n2")
    if result.ret == pytest.ExitCode.USAGE_ERROR:
        result.stderr.fnmatch_lines(["ERROR: *t_last,t_pick*log-probabilities*Choose a server*"])
        assert summary == {}
        pytest.skip(f"the server is refused: {result.stderr.str()}")
    assert result.ret == 0, result.stdout.str()
    assert scores(summary) == expected(tasks, SCORED, spec)
    path = pytester.path / "r.lm-eval.jsonl"
    answers = [json.loads(line)["resps"] for line in path.read_text().splitlines()]
    assert all(float(choice[0][0]) < 0 for document in answers for choice in document)
