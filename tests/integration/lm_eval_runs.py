"""Runs of lm-eval's tasks beside lm-eval's own evaluation of the same model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.lm_eval.quiet import quiet
from pytest_aibench.lm_eval.results import plain

__all__ = [
    "COMPARED", "_loaded", "_offline", "evaluated", "evaluated_model", "run", "scores",
]  # fmt: skip

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "test_lm_eval.py"
COMPARED = (
    "results", "groups", "group_subtasks", "configs", "versions", "n-shot", "higher_is_better",
    "n-samples",
)  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def _loaded() -> None:
    """pytester forgets what was imported during a test, and numpy cannot be imported twice."""
    import lm_eval.evaluator  # noqa: F401

    import pytest_aibench.lm_eval.language_model  # noqa: F401


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def run(
    pytester: pytest.Pytester, folder: Path, *args: str
) -> tuple[pytest.RunResult, dict[str, Any]]:
    (pytester.path / "test_lm_eval.py").write_text(BENCHMARK.read_text())
    result = pytester.runpytest_subprocess(
        "test_lm_eval.py", "--include-path", str(folder), "--lm-eval-bootstrap", "20",
        "--aibench-report", "r.json", *args,
    )  # fmt: skip
    path = pytester.path / "r.json"
    return result, json.loads(path.read_text()) if path.exists() else {}


def evaluated(
    folder: Path, tasks: tuple[str, ...], model: str, *, seed: int | None = None,
    base_url: str | None = None, **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """What lm-eval itself says of the same model."""
    from pytest_aibench.lm_eval.language_model import AibenchLM

    lm = AibenchLM(model, seed=seed, base_url=base_url)
    try:
        return evaluated_model(folder, tasks, lm, **more)
    finally:
        lm.close()


def evaluated_model(folder: Path, tasks: tuple[str, ...], lm: Any, **more: Any) -> dict[str, Any]:
    """What lm-eval says of its model `lm`."""
    from lm_eval import simple_evaluate
    from lm_eval.tasks import TaskManager

    arguments = {"bootstrap_iters": 20, "confirm_run_unsafe_code": True, **more}
    with quiet():
        manager = TaskManager(include_path=str(folder), include_defaults=False)
        found = simple_evaluate(model=lm, tasks=list(tasks), task_manager=manager, **arguments)
    results: dict[str, Any] = plain({k: found[k] for k in COMPARED if k in found})
    return results


def scores(summary: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in summary["lm_eval"].items() if k in COMPARED}
