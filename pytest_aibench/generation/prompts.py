"""What a model is asked."""

from __future__ import annotations

from enum import StrEnum

from pytest_aibench.generation.sampling import sampling_of
from pytest_aibench.models.base import Request, Sampling
from pytest_aibench.problems.problem import Problem

__all__ = ["INSTRUCTION", "LANGUAGE_NAMES", "PromptMode", "build_request", "chat_prompt"]

INSTRUCTION = (
    "Complete the following {language} code. Answer with one fenced code block that holds the "
    "complete {language} code, including everything given here, and nothing else."
)

LANGUAGE_NAMES = {
    "python": "Python",
    "javascript": "JavaScript",
    "java": "Java",
    "cpp": "C++",
    "go": "Go",
    "rust": "Rust",
}


class PromptMode(StrEnum):
    """How a problem is put to the model."""

    CHAT = "chat"  # a user's message, through the server's own template
    COMPLETION = "completion"  # the problem's prompt, to be continued


def chat_prompt(problem: Problem) -> str:
    """The user's message for `problem`: a fixed instruction and the prompt in a fence.

    The fence is longer than any run of backticks in the prompt, as CommonMark asks.
    """
    language = LANGUAGE_NAMES.get(problem.language, problem.language)
    fence = "```"
    while fence in problem.prompt:
        fence += "`"
    code = problem.prompt.rstrip("\n")
    return (
        f"{INSTRUCTION.format(language=language)}\n\n{fence}{problem.language}\n{code}\n{fence}\n"
    )


def build_request(
    benchmark: str,
    problem: Problem,
    sample: int,
    sampling: Sampling,
    *,
    mode: PromptMode = PromptMode.CHAT,
    system: str | None = None,
) -> Request:
    """The request of one sample. `sampling` is the run's; the sample's seed is derived here."""
    chat = mode is PromptMode.CHAT
    return Request(
        benchmark=benchmark,
        problem=problem,
        sample=sample,
        prompt=chat_prompt(problem) if chat else problem.prompt,
        chat=chat,
        sampling=sampling_of(sampling, sample),
        system=system,
    )
