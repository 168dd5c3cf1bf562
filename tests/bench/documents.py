"""What a document of lm-eval's tasks costs beside lm-eval itself and the model.

Both sides evaluate a task with GSM8K's prompts, with a model that answers at once: lm-eval's
`simple_evaluate` alone, and whole runs of pytest over the same documents. What is counted is the
CPU time of all processes of a run. What a further document adds is the difference between a run
of `MANY` and one of `FEW` documents, divided by the documents between them; what ours adds to
lm-eval's own is compared with the limit of 5 ms.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.servers.scoring import ScoringStandIn

__all__ = ["measure_documents"]

FEW, MANY = 330, 1319
LIMIT = 0.005
TASK = """\
task: long_sums
dataset_path: json
dataset_kwargs: {data_files: {test: "DATA"}}
test_split: test
fewshot_split: test
num_fewshot: 5
output_type: generate_until
doc_to_text: "Question: {{question}}\\nAnswer:"
doc_to_target: "{{answer}}"
generation_kwargs: {until: ["Question:"], max_gen_toks: 16}
filter_list:
  - name: strict-match
    filter: [{function: regex, regex_pattern: "(\\\\d+)"}, {function: take_first}]
metric_list:
  - {metric: exact_match, aggregation: mean, higher_is_better: true}
"""
ALONE = """
import sys
from lm_eval import simple_evaluate
from lm_eval.api.model import LM
from lm_eval.tasks import TaskManager

class Quick(LM):
    def generate_until(self, requests, **_):
        return [" 4" for _ in requests]
    loglikelihood = loglikelihood_rolling = generate_until

manager = TaskManager(include_path=sys.argv[1], include_defaults=False)
simple_evaluate(model=Quick(), tasks=["long_sums"], task_manager=manager)
"""


def measure_documents(work: Path, rounds: int) -> None:
    """Print what a document costs lm-eval alone and what ours adds, each the median of so many
    rounds, by ways to reach the model and numbers of workers; and what a run costs besides."""
    folders = {size: _task(work / str(size), size) for size in (FEW, MANY)}
    alone, start = _cost(rounds, lambda size: [sys.executable, "-c", ALONE, str(folders[size])])
    print(f"\na document costs lm-eval alone {alone * 1e3:.1f} ms of CPU, its start {start:.1f} s")
    with ScoringStandIn() as server:
        replay = [f"replay/{_replies(work)}"]
        for name, model in {
            "replay": replay,
            "server": ["openai/m", "--base-url", server.url],
        }.items():
            for workers in ("0", "2"):
                each, start = _cost(
                    rounds, lambda size, w=workers, m=model: _ours(folders[size], work, w, m)
                )
                added = each - alone
                print(
                    f"  {name:6} -n {workers}  adds {added * 1e3:4.1f} ms, {added / LIMIT:.2f} of"
                    f" the limit; its start {start:.1f} s"
                )


def _cost(rounds: int, command: Callable[[int], list[str]]) -> tuple[float, float]:
    """Seconds of CPU of a document, and of a run without any."""
    few, many = (
        statistics.median(_cpu(command(size)) for _ in range(rounds)) for size in (FEW, MANY)
    )
    each = (many - few) / (MANY - FEW)
    return each, few - each * FEW


def _task(folder: Path, size: int) -> Path:
    folder.mkdir()
    rows = [
        {
            "question": " ".join(f"Ann has {i + j} apples and eats {j}." for j in range(8)),
            "answer": f"She keeps {i} of them, eight times. The sum is {8 * i}.",
        }
        for i in range(size)
    ]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "long_sums.yaml").write_text(TASK.replace("DATA", str(folder / "rows.jsonl")))
    return folder


def _replies(work: Path) -> Path:
    path = work / "replies.jsonl"
    rows = ({"task_id": f"long_sums-doc{i}", "completion": " 4"} for i in range(MANY))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _ours(folder: Path, work: Path, workers: str, model: list[str]) -> list[str]:
    return [
        sys.executable, "-m", "pytest", "benchmarks/test_lm_eval.py", "-q", "-n", workers,
        "--lm-eval-tasks", "long_sums", "--include-path", str(folder), "--no-cache",
        "--aibench-report", str(work / "documents.json"), "--model", *model,
    ]  # fmt: skip


def _cpu(command: list[str]) -> float:
    """Seconds of CPU of a command with all its processes."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime
