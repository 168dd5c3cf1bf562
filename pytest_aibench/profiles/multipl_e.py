"""MultiPL-E: prompts asked without white space around them, programs built from them as they are.

What its evaluator does (`evaluation/src`), its generator (`multipl_e/completions.py`, whose
models strip the prompt) and its summary (`pass_k.py`).
"""

from __future__ import annotations

from pytest_aibench.problems.builtin.multipl_e import RULES, RUN_SECONDS, STOP
from pytest_aibench.problems.problem import Problem
from pytest_aibench.profiles.profile import Profile, Task

__all__ = ["COMMANDS", "MULTIPL_E", "RUN_SECONDS", "STOP", "as_it_stands"]

COMMANDS = RULES


def as_it_stands(problem: Problem, text: str, whole: bool = False) -> tuple[str, str]:
    """Prompt + completion, newline, tests; nothing is closed, mended or left out."""
    return (text if whole else problem.prompt + text), problem.test


def _task(short: str) -> Task:
    return Task(
        compose=as_it_stands,
        cpu_seconds=RUN_SECONDS[short],
        rules=RULES[short],
        sent=str.strip,
        stop=STOP[short],
    )


MULTIPL_E = Profile(
    name="multipl-e",
    harness="nuprl/MultiPL-E",
    tasks={f"multipl-e-{short}": _task(short) for short in STOP},
    # The temperature has to be given there; its summary has pass@1 at 0.2 and the others at 0.8.
    defaults={
        "prompt_mode": "completion",
        "n_samples": 200,
        "temperature": 0.2,
        "top_p": 0.95,
        "max_tokens": 512,
    },
)
