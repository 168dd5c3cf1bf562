"""`aibench lm_eval`: lm-eval's own command with our model and our sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.cli import main

pytest.importorskip("lm_eval", reason="lm-eval is not installed: pip install pytest-aibench[dev]")

from tests.integration.test_lm_eval_code import TASK, UTILS, write

# Reading lm-eval's own 13,000 tasks takes it many seconds, and nothing of them is asked for.
COMMAND = """
import sys
from functools import partial
from lm_eval import tasks

tasks.TaskManager = partial(tasks.TaskManager, include_defaults=False)
from pytest_aibench.cli import main

sys.exit(main(sys.argv[1:]))
"""


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", COMMAND, "lm_eval", *arguments],
        cwd=folder, env={**os.environ, "HF_HUB_OFFLINE": "1"}, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.docker
def test_it_knows_our_model_and_runs_programs_in_our_sandbox(tmp_path: Path) -> None:
    folder, canary = tmp_path / "tasks", tmp_path / "canary"
    folder.mkdir()
    docs = [{"prompt": f"def f{i}():\n", "test": f"assert f{i}() == {i}"} for i in range(2)]
    data = write(folder / "rows.jsonl", docs)
    (folder / "t_code.yaml").write_text(TASK.replace("DATA", str(data)))
    (folder / "utils.py").write_text(UTILS)
    bodies = ["    return 0\n", "    raise SystemExit\n"]
    bodies += [f"    open({str(canary)!r}, 'w')\n    return 1\n", "    return 1\n"]
    rows = [{"task_id": f"t_code-doc{i // 2}", "completion": body} for i, body in enumerate(bodies)]
    write(tmp_path / "replies.jsonl", rows)
    done = command(
        tmp_path, "--model", "aibench", "--model_args", "spec=replay/replies.jsonl",
        "--tasks", "t_code", "--include_path", "tasks", "--confirm_run_unsafe_code",
        "--output_path", "out.json", "--log_samples",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (written,) = tmp_path.glob("out_*.json")
    found = json.loads(written.read_text())["results"]["t_code"]
    assert (found["pass@1,program"], found["pass@2,program"]) == (0.5, 1.0)
    assert not canary.exists()
    (log,) = tmp_path.glob("samples_t_code_*.jsonl")
    assert _there_and_back(log, tmp_path) == _values(log)


def _there_and_back(log: Path, folder: Path) -> list[dict[str, Any]]:
    """What we write of the samples that lm-eval itself logged, and we read."""
    rows, back = folder / "rows.jsonl", folder / f"back_{log.name}"
    assert main(["import", str(log), "-o", str(rows)]) == 0
    assert main(["export", str(rows), "--format", "lm-eval", "-o", str(back)]) == 0
    return _values(back)


def _values(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_model_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("task: t\n")
    done = command(
        tmp_path, "--model", "aibench", "--model_args", "spec=replay/nowhere.jsonl",
        "--tasks", "t", "--include_path", ".",
    )  # fmt: skip
    assert done.returncode == 4
    assert done.stderr.splitlines()[-1].startswith("aibench: --model replay/nowhere.jsonl: ")
