"""Whether two runs measured the same thing; what differs makes their difference meaningless."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

from pytest_aibench.scoring.summary import Summary

__all__ = ["FIELDS", "Mismatch", "mismatches"]

SAMPLING = ("temperature", "top_p", "top_k", "max_tokens")
PROMPT = ("prompt_mode", "prompt_template", "system_prompt")
FIELDS = ("benchmark", "dataset", "problems", "profile", "prompt", "image", "sampling", "partial")
"""What `--allow-mismatch` can name."""


class Mismatch(NamedTuple):
    """One difference between a run and its baseline. `benchmark` is empty if it is the run's."""

    field: str
    benchmark: str
    message: str


def mismatches(run: Summary, baseline: Summary, allowed: Collection[str] = ()) -> list[Mismatch]:
    """Each difference, those in `allowed` left out, that forbids to compare two runs."""
    found = [*_of_runs(run, baseline), *_of_benchmarks(run, baseline), *_of_tasks(run, baseline)]
    return [mismatch for mismatch in found if mismatch.field not in allowed]


def _of_runs(run: Summary, baseline: Summary) -> Iterator[Mismatch]:
    facts: dict[str, Callable[[Summary], Any]] = {
        "profile": lambda summary: summary.run.settings.get("profile", "aibench"),
        "prompt": _prompt,
        "image": lambda summary: summary.run.image_digest,
        "sampling": _sampling,
    }
    for field, fact in facts.items():
        before, after = fact(baseline), fact(run)
        if before != after:
            yield Mismatch(
                field,
                "",
                f"{field} differs: the baseline has {_show(before)}, this run {_show(after)}",
            )
    if baseline.incomplete:
        yield Mismatch("partial", "", f"the baseline is incomplete: {baseline.incomplete[0]}")


def _prompt(summary: Summary) -> dict[str, Any]:
    chosen = {name: summary.run.settings.get(name) for name in PROMPT}
    return {"digest": summary.run.prompt_digest or None, **chosen}


def _sampling(summary: Summary) -> dict[str, Any]:
    return {name: summary.run.settings.get(name) for name in SAMPLING}


def _of_benchmarks(run: Summary, baseline: Summary) -> Iterator[Mismatch]:
    for name in dict.fromkeys([*run.benchmarks, *baseline.benchmarks]):
        after, before = run.benchmarks.get(name), baseline.benchmarks.get(name)
        if before is None:
            yield Mismatch("benchmark", name, f"the baseline has no benchmark {name}")
        elif after is None:
            yield Mismatch("benchmark", name, f"this run has no benchmark {name}")
        elif before.dataset_digest != after.dataset_digest:
            yield Mismatch(
                "dataset",
                name,
                f"dataset differs: the baseline has {_show(before.dataset_digest)}, "
                f"this run {_show(after.dataset_digest)}",
            )
        elif odd := set(before.problems) ^ set(after.problems):
            yield Mismatch(
                "problems",
                name,
                f"{len(odd):,} problems are in only one of baseline and run, such as {min(odd)}",
            )


def _of_tasks(run: Summary, baseline: Summary) -> Iterator[Mismatch]:
    """lm-eval's tasks: their hashes cover documents, prompts and targets."""
    before, after = (s.lm_eval.get("task_hashes", {}) for s in (baseline, run))
    for name in dict.fromkeys([*after, *before]):
        if name not in before:
            yield Mismatch("benchmark", name, f"the baseline has no scores of lm-eval's {name}")
        elif name not in after:
            yield Mismatch("benchmark", name, f"this run has no scores of lm-eval's {name}")
        elif before[name] != after[name]:
            yield Mismatch(
                "dataset",
                name,
                "documents, prompts or targets differ: the baseline has "
                f"{_show(before[name])}, this run {_show(after[name])}",
            )


def _show(value: Any) -> str:
    if isinstance(value, dict):
        parts = [f"{name} {_short(part)}" for name, part in value.items() if part is not None]
        return ", ".join(parts) or "the defaults"
    return _short(value) or "none"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 24 else f"{text[:20]}…"
