"""openai/human-eval: a judge of completions, without a model."""

from __future__ import annotations

from pytest_aibench.errors import UsageError
from pytest_aibench.problems.compose import compose_humaneval
from pytest_aibench.problems.problem import Problem
from pytest_aibench.profiles.guard import HUMAN_EVAL_RULES
from pytest_aibench.profiles.profile import Profile, Task

__all__ = ["HUMAN_EVAL"]


def _compose(problem: Problem, text: str, whole: bool = False) -> tuple[str, str]:
    if problem.language != "python":
        raise UsageError(f"{problem.id} is in {problem.language}: human-eval judges Python alone")
    return compose_humaneval(problem, text, whole)


_TASK = Task(
    compose=_compose,
    cpu_seconds=3.0,
    rules=HUMAN_EVAL_RULES,
    # It judges what it is given, uncut. A model is stopped where that of its paper was
    # (Chen et al. 2021, section 2.1).
    stop=("\nclass", "\ndef", "\n#", "\nif", "\nprint"),
)
HUMAN_EVAL = Profile(
    name="human-eval",
    harness="openai/human-eval 6d43fb9",
    # `problems` is its --problem_file.
    tasks={"humaneval": _TASK, "problems": _TASK},
    defaults={"prompt_mode": "completion"},
    whole=True,
)
