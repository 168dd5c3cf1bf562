"""EvalPlus: solutions to HumanEval+ and MBPP+, judged as these benchmarks declare themselves."""

from __future__ import annotations

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.builtin import humaneval_plus, mbpp_plus
from pytest_aibench.problems.problem import Problem
from pytest_aibench.profiles.guard import EVALPLUS_RULES
from pytest_aibench.profiles.profile import Profile, Task

__all__ = ["EVALPLUS"]

_INSTRUCTION = (
    "Please provide a self-contained Python script that solves the following problem in a "
    "markdown code block:"
)


def _chat(problem: Problem) -> str:
    """What its clients of chat APIs send (`provider/openai.py`)."""
    return f"{_INSTRUCTION}\n```python\n{problem.prompt.strip()}\n```"


def _sent(prompt: str) -> str:
    return prompt.strip() + "\n"


def _task(declared: Benchmark) -> Task:
    return Task(
        compose=declared.compose,
        cpu_seconds=declared.cpu_seconds,
        rules=EVALPLUS_RULES,
        sent=_sent,
        stop=declared.stop,
    )


EVALPLUS = Profile(
    name="evalplus",
    harness="EvalPlus 26d6d00",
    tasks={b.name: _task(b) for b in (*humaneval_plus.BENCHMARKS, *mbpp_plus.BENCHMARKS)},
    defaults={"temperature": 0.0, "top_p": 0.95, "max_tokens": 768},
    chat=_chat,
    whole=True,
)
