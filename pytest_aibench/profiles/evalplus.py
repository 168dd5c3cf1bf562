"""EvalPlus: solutions to HumanEval+ and MBPP+, judged as these benchmarks declare themselves."""

from __future__ import annotations

from pytest_aibench.problems.problem import Problem
from pytest_aibench.problems.registry import benchmark_names, get_benchmark
from pytest_aibench.profiles.profile import Profile, Task

__all__ = ["EVALPLUS"]

# provider/utility.py: EOS, and extra_eos_for_direct_completion
_STOP = ("<|endoftext|>", "<|endofmask|>", "</s>", "\nif __name__", "\ndef main(", "\nprint(")
_MORE_STOP = {
    "humaneval-plus": ("\ndef ", "\nclass ", "\nimport ", "\nfrom ", "\nassert "),
    "mbpp-plus": ('\n"""', "\nassert"),
}
_INSTRUCTION = (
    "Please provide a self-contained Python script that solves the following problem in a "
    "markdown code block:"
)


def _chat(problem: Problem) -> str:
    """What its clients of chat APIs send (`provider/openai.py`)."""
    return f"{_INSTRUCTION}\n```python\n{problem.prompt.strip()}\n```"


def _sent(prompt: str) -> str:
    return prompt.strip() + "\n"


def _task(name: str) -> Task:
    declared = get_benchmark(name)
    return Task(
        compose=declared.compose,
        cpu_seconds=declared.cpu_seconds,
        rules=declared.rules,
        sent=_sent,
        stop=_STOP + _MORE_STOP[name],
    )


EVALPLUS = Profile(
    name="evalplus",
    harness="EvalPlus 26d6d00",
    tasks={name: _task(name) for name in _MORE_STOP if name in benchmark_names()},
    defaults={"temperature": 0.0, "top_p": 0.95, "max_tokens": 768},
    chat=_chat,
    whole=True,
)
