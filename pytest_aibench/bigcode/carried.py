"""The tasks of BigCode's harness that need no harness: this project has their data and rules."""

from __future__ import annotations

from dataclasses import replace

from pytest_aibench.errors import UsageError
from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.builtin.apps import LEVELS
from pytest_aibench.problems.builtin.ds1000 import LIBRARIES
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.registry import get_benchmark
from pytest_aibench.problems.sources import DataSource
from pytest_aibench.profiles.bigcode import BIGCODE
from pytest_aibench.profiles.profile import Task

__all__ = ["CARRIED", "JUDGED_HERE", "carried"]

CARRIED = {
    "humaneval": "humaneval",
    "humaneval-unstripped": "humaneval",
    "mbpp": "mbpp",
    **{
        f"humaneval{theirs}-{short}": f"humanevalpack-{ours}-{short}"
        for theirs, ours in (("synthesize", "synthesize"), ("fixtests", "fix"))
        for short in ("python", "js", "java", "cpp")
    },
    **{f"multiple-{short}": f"multipl-e-{short}" for short in ("js", "java", "cpp")},
    **{f"apps-{level}": f"apps-{level}" for level in LEVELS},
    **{f"ds1000-{library}-completion": f"ds1000-{library}-completion" for library in LIBRARIES},
}
"""Task -> benchmark."""

JUDGED_HERE = ("apps-", "ds1000-")
"""Beginnings of the names of tasks whose scoring executes programs in a way of its own, which only
this project's own judges do in the sandbox."""

_STYLES = {"synthesize": "continue", "fixtests": "instruct"}


def carried(task: str, name: str, prompt: str | None = None) -> Benchmark | None:
    """The benchmark of `task` as BigCode asks and judges it, called `name`; None if not carried.

    Raises:
        UsageError: the task is carried with another style of prompt than `prompt`, or it is one of
            DS-1000's that cannot be.
    """
    if task.startswith("ds1000-") and task not in CARRIED:
        raise UsageError(f"--bigcode-tasks {task}: {_why_not(task)}")
    if task not in CARRIED:
        return None
    style = next((style for part, style in _STYLES.items() if part in task), None)
    if style and prompt not in (None, style):
        raise UsageError(
            f"--bigcode-prompt {prompt}: without BigCode's harness {task} is put in the style "
            f"{style!r}; leave the option out, or install the harness"
        )
    ours = get_benchmark(CARRIED[task])
    theirs = BIGCODE.tasks.get(task) or BIGCODE.tasks[ours.name]

    def load(source: DataSource) -> Dataset:
        dataset = ours.load(source)
        return replace(dataset, problems=tuple(_asked(p, theirs) for p in dataset.problems))

    return replace(
        ours,
        name=name,
        load=load,
        compose=theirs.compose,
        stop=theirs.stop,
        finish=theirs.finish,
        cpu_seconds=theirs.cpu_seconds,
        rules=theirs.rules,
    )


def _why_not(task: str) -> str:
    if task.endswith("-insertion"):
        return (
            "its prompts are to be filled in between two texts, in a form that is each model's own"
        )
    known = ", ".join(LIBRARIES.values())
    return f"of DS-1000's libraries the sandbox has {known}; name the task of one of these"


def _asked(problem: Problem, task: Task) -> Problem:
    """`problem` with the prompt that a model continues there: `task.sent`, which strips.

    What is stripped off its end goes before the solutions, which continue the prompt.
    """
    whole = problem.context + problem.prompt
    sent = task.sent(whole)
    start = whole.index(sent)
    tail = whole[start + len(sent) :]
    in_context = min(start, len(problem.context))
    canonical = problem.canonical_solution
    return replace(
        problem,
        context=problem.context[in_context:],
        prompt=problem.prompt[start - in_context :].removesuffix(tail),
        canonical_solution=None if canonical is None else tail + canonical,
        wrong_solutions=tuple(tail + wrong for wrong in problem.wrong_solutions),
    )
