"""lm-eval's tasks that run code: in the sandbox, or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("lm_eval", reason="lm-eval is not installed: pip install pytest-aibench[dev]")

from pytest_aibench.sandbox.locks import usable_cores
from tests.data import data_rows

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "test_lm_eval.py"

TASK = """\
task: t_code
dataset_path: json
dataset_kwargs: {data_files: {test: "DATA"}}
test_split: test
output_type: generate_until
unsafe_code: true
repeats: 2
doc_to_text: "{{prompt}}"
doc_to_target: "{{test}}"
generation_kwargs: {until: ["\\nassert"], do_sample: true}
filter_list:
  - name: program
    filter: [{function: custom, filter_fn: !function utils.programs}]
metric_list:
  - metric: !function utils.pass_at_k
    aggregation: mean
    higher_is_better: true
    k: [1, 2]
"""

UTILS = """\
import evaluate

code_eval = evaluate.load("code_eval")
code_eval.compute(references=["assert 1"], predictions=[["x = 1"]], k=[1])


def programs(resps, docs):
    return [[doc["prompt"] + r for r in resp] for resp, doc in zip(resps, docs)]


def pass_at_k(references, predictions, k):
    return code_eval.compute(references=references, predictions=predictions, k=k)[0]
"""

UNSAFE_UTILS = """\
def programs(resps, docs):
    return resps


def pass_at_k(references, predictions, k):
    exec(predictions[0][0])
    return {"pass@1": 1.0}
"""

COUNTING = """
from pytest_aibench.sandbox import executor

start = executor.start_box

def counting(client, settings):
    with open("started", "a") as file:
        file.write("box ")
    return start(client, settings)

executor.start_box = counting
"""

HUMANEVAL = """\
include: INCLUDED
task: humaneval_local
dataset_path: json
dataset_kwargs: {data_files: {test: "DATA"}}
"""


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def run(
    pytester: pytest.Pytester, task: str, *args: str
) -> tuple[pytest.RunResult, dict[str, Any]]:
    (pytester.path / "test_lm_eval.py").write_text(BENCHMARK.read_text())
    result = pytester.runpytest_subprocess(
        "test_lm_eval.py", "--include-path", "tasks", "--lm-eval-tasks", task, "--model",
        "replay/replies.jsonl", "--aibench-report", "r.json", *args,
    )  # fmt: skip
    path = pytester.path / "r.json"
    return result, json.loads(path.read_text()) if path.exists() else {}


@pytest.mark.docker
def test_programs_run_in_the_sandbox_and_nowhere_else(pytester: pytest.Pytester) -> None:
    folder, canary = pytester.mkdir("tasks"), pytester.path / "canary"
    docs = [
        {"prompt": "def one():\n", "test": "assert one() == 1"},
        {"prompt": "def two():\n", "test": "assert two() == 2"},
    ]
    data = write(folder / "rows.jsonl", docs)
    (folder / "t_code.yaml").write_text(TASK.replace("DATA", str(data)))
    (folder / "utils.py").write_text(UTILS)
    texts = {
        "t_code-doc0": ["    return 1\n", f"    open({str(canary)!r}, 'w')\n    return 1\n"],
        "t_code-doc1": ["    return 2\n", "    import sys\n    sys.exit(0)\n"],
    }
    rows = [{"task_id": id_, "completion": text} for id_, of in texts.items() for text in of]
    write(pytester.path / "replies.jsonl", rows)
    result, summary = run(pytester, "t_code", "-n2")
    assert result.ret == 0, result.stdout.str() + result.stderr.str()
    result.assert_outcomes(passed=4)
    found = summary["lm_eval"]["results"]["t_code"]
    assert (found["pass@1,program"], found["pass@2,program"]) == (0.5, 1.0)
    assert summary["run"]["image_digest"]
    assert not canary.exists()


@pytest.mark.docker
def test_lm_evals_own_humaneval_as_it_is(pytester: pytest.Pytester) -> None:
    import lm_eval

    problems = data_rows("humaneval/HumanEval.jsonl.gz")[:8]
    folder = pytester.mkdir("tasks")
    data = write(folder / "rows.jsonl", problems)
    included = Path(lm_eval.__file__).parent / "tasks" / "humaneval" / "humaneval.yaml"
    text = HUMANEVAL.replace("DATA", str(data)).replace("INCLUDED", str(included))
    (folder / "humaneval_local.yaml").write_text(text)
    wrong = "    return None\n"
    replies = [
        {"task_id": f"humaneval_local-doc{i}", "completion": completion}
        for i, problem in enumerate(problems)
        for completion in [wrong if i % 4 == 3 else problem["canonical_solution"]]
    ]
    write(pytester.path / "replies.jsonl", replies)
    result, summary = run(pytester, "humaneval_local")
    assert result.ret == 0, result.stdout.str() + result.stderr.str()
    assert summary["lm_eval"]["results"]["humaneval_local"]["pass@1,create_test"] == 0.75


@pytest.mark.docker
def test_many_programs_run_in_several_containers_and_once_in_all_runs(
    pytester: pytest.Pytester,
) -> None:
    folder = pytester.mkdir("tasks")
    docs = [{"prompt": f"def f{i}():\n", "test": f"assert f{i}() == {i}"} for i in range(70)]
    data = write(folder / "rows.jsonl", docs)
    (folder / "t_code.yaml").write_text(TASK.replace("DATA", str(data)))
    (folder / "utils.py").write_text(UTILS)
    bodies = [[f"    return {i}\n", f"    return {i // 35 * i}\n"] for i in range(70)]
    rows = [
        {"task_id": f"t_code-doc{i}", "completion": text}
        for i, texts in enumerate(bodies)
        for text in texts
    ]
    write(pytester.path / "replies.jsonl", rows)
    pytester.makeconftest(COUNTING)
    found = []
    for _ in range(2):
        result, summary = run(pytester, "t_code")
        assert result.ret == 0, result.stdout.str() + result.stderr.str()
        found.append(summary["lm_eval"]["results"]["t_code"])
    assert found[0] == found[1]
    assert (found[0]["pass@1,program"], found[0]["pass@2,program"]) == (106 / 140, 1.0)
    started = (pytester.path / "started").read_text().split()
    assert len(started) == min(usable_cores(), 2)


def test_a_task_that_runs_code_by_itself_is_refused(pytester: pytest.Pytester) -> None:
    folder = pytester.mkdir("tasks")
    data = write(folder / "rows.jsonl", [{"prompt": "p", "test": "t"}])
    (folder / "t_code.yaml").write_text(TASK.replace("DATA", str(data)))
    (folder / "utils.py").write_text(UNSAFE_UTILS)
    write(pytester.path / "replies.jsonl", [{"task_id": "t_code-doc0", "completion": "x"}])
    result, _ = run(pytester, "t_code")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *t_code: the task runs the model's code by its own*"])
