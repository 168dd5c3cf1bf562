"""A run in the shape of lm-eval's result files, for leaderboards that read those."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pytest_aibench.report.jsonfile import write_json
from pytest_aibench.scoring.summary import BenchmarkSummary, Summary

__all__ = ["FILTER", "lm_eval_results", "write_lm_eval_results"]

FILTER = "create_test"
"""lm-eval's code tasks name the filter that makes programs of replies so; it is part of the key."""


def write_lm_eval_results(folder: Path, summary: Summary) -> Path:
    """Write `FOLDER/MODEL/results_TIME.json`, named as lm-eval 0.4 names it; returns the path.

    Raises:
        OSError: it could not be written.
    """
    model = re.sub(r"[\"<>:/\\|?*\[\]]+", "__", summary.run.model) or "model"
    when = re.sub(r"[^0-9A-Za-z.+-]", "-", summary.run.started_at) or summary.run.id
    path = folder / model / f"results_{when}.json"
    write_json(path, lm_eval_results(summary))
    return path


def lm_eval_results(summary: Summary) -> dict[str, Any]:
    """The members that lm-eval 0.4 writes, as far as this run knows them; for lm-eval's tasks, all.

    An incomplete run keeps lm-eval's keys and says so in `aibench.incomplete`.
    """
    run, tasks = summary.run, summary.benchmarks
    content: dict[str, Any] = {
        "results": {name: _scores(name, b) for name, b in tasks.items()},
        "group_subtasks": {name: [] for name in tasks},
        "configs": {name: _config(name, b, summary) for name, b in tasks.items()},
        "versions": dict.fromkeys(tasks, 1),
        "n-shot": dict.fromkeys(tasks, 0),
        "higher_is_better": {n: {f"pass@{k}": True for k in b.scores} for n, b in tasks.items()},
        "n-samples": {name: _sizes(b) for name, b in tasks.items()},
        "config": {
            "model": run.identity.get("provider", ""),
            "model_args": run.model,
            "gen_kwargs": _sampling(summary),
            "limit": run.settings.get("limit"),
            "random_seed": run.settings.get("seed"),
        },
        "git_hash": run.git_revision or None,
        "model_source": run.identity.get("provider", ""),
        "model_name": run.identity.get("name", run.model),
        "total_evaluation_time_seconds": str(run.seconds),
        "aibench": {"run": run.id, "incomplete": list(summary.incomplete)},
    }
    for name, member in summary.lm_eval.items():
        ours = content.get(name, {})
        content[name] = {**ours, **member} if isinstance(member, dict) else member
    return content


def _scores(name: str, benchmark: BenchmarkSummary) -> dict[str, Any]:
    scores: dict[str, Any] = {"alias": name}
    for k, estimate in benchmark.scores.items():
        scores[f"pass@{k},{FILTER}"] = estimate.value
        scores[f"pass@{k}_stderr,{FILTER}"] = estimate.stderr
    return scores


def _config(name: str, benchmark: BenchmarkSummary, summary: Summary) -> dict[str, Any]:
    repeats = max((n for n, _ in benchmark.problems.values()), default=0)
    return {
        "task": name,
        "output_type": "generate_until",
        "repeats": repeats,
        "num_fewshot": 0,
        "metric_list": [
            {"metric": f"pass@{k}", "higher_is_better": True} for k in benchmark.scores
        ],
        "metadata": {"version": 1, "dataset_digest": benchmark.dataset_digest},
        "generation_kwargs": _sampling(summary),
    }


def _sampling(summary: Summary) -> dict[str, Any]:
    settings = summary.run.settings
    chosen = {key: settings.get(key) for key in ("temperature", "top_p", "top_k", "max_tokens")}
    return {key: value for key, value in chosen.items() if value is not None}


def _sizes(benchmark: BenchmarkSummary) -> dict[str, int]:
    """Problems, as lm-eval counts them: all, and those that were measured."""
    whole = len(benchmark.problems)
    return {"original": whole, "effective": whole - len(benchmark.unmeasured)}
