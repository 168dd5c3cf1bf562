"""What a model is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_aibench.errors import UsageError
from pytest_aibench.generation.sampling import sampling_of
from pytest_aibench.models.base import ModelIdentity, Request, Sampling
from pytest_aibench.problems.problem import LANGUAGE_NAMES, Problem

if TYPE_CHECKING:
    from pytest_aibench.generation.template import PromptTemplate

__all__ = [
    "INSTRUCTION",
    "WRITTEN",
    "PromptMode",
    "build_request",
    "chat_prompt",
    "choose_mode",
]

INSTRUCTION = (
    "Complete the following {language} code. Answer with one fenced code block that holds the "
    "complete {language} code, including everything given here, and nothing else."
)
WRITTEN = (
    "Answer with one fenced code block that holds the {language} code that is asked for, and "
    "nothing else."
)


class PromptMode(StrEnum):
    """How a problem is put to the model."""

    CHAT = "chat"  # a user's message, through the server's own template
    COMPLETION = "completion"  # the problem's prompt, to be continued


def choose_mode(asked: str, identity: ModelIdentity) -> PromptMode:
    """`--prompt-mode`: `chat`, `completion`, or `auto`, which goes by what the server said.

    A server that says its model has no chat template has a base model, to be asked for
    completions. One that says nothing is taken to chat: a model's name decides nothing.

    Raises:
        UsageError: `asked` is none of the three.
    """
    if asked == "auto":
        has_template = identity.facts.get("chat_template", True)
        return PromptMode.CHAT if has_template else PromptMode.COMPLETION
    try:
        return PromptMode(asked)
    except ValueError:
        raise UsageError(f"--prompt-mode {asked}: expected auto, chat or completion") from None


@lru_cache(maxsize=4096)  # the samples of a problem share one text
def chat_prompt(problem: Problem) -> str:
    """The user's message for `problem`: its context, a fixed instruction, the prompt in a fence.

    The fence is longer than any run of backticks in the prompt, as CommonMark asks. A prompt that
    is a text comes as it stands, before the instruction.
    """
    language = LANGUAGE_NAMES.get(problem.language, problem.language)
    if problem.task == "write":
        text = f"{problem.context}{problem.prompt}".rstrip("\n")
        return f"{text}\n\n{WRITTEN.format(language=language)}\n"
    fence = "```"
    while fence in problem.prompt:
        fence += "`"
    code = problem.prompt.rstrip("\n")
    return (
        f"{problem.context}{INSTRUCTION.format(language=language)}\n\n"
        f"{fence}{problem.language}\n{code}\n{fence}\n"
    )


def build_request(
    benchmark: str,
    problem: Problem,
    sample: int,
    sampling: Sampling,
    *,
    mode: PromptMode = PromptMode.CHAT,
    system: str | None = None,
    stop: tuple[str, ...] = (),
    sent: Callable[[str], str] = str,
    put: Callable[[Problem], str] = chat_prompt,
    template: PromptTemplate | None = None,
    together: int = 1,
) -> Request:
    """The request of one sample. `sampling` is the run's; the sample's seed is derived here.

    A problem that is to be answered is put as it stands, in either mode. A `template` makes the
    text in either mode, in place of the message that `put` makes of a problem, or of what `sent`
    makes of the bare context and prompt.

    `stop` are the benchmark's stop words; they end a completion, which would otherwise run on with
    the next function. A chat reply may hold them anywhere, and is not cut.
    """
    chat = mode is PromptMode.CHAT
    text = put if chat and problem.task != "answer" else _bare(sent)
    if not chat and not sampling.stop:
        sampling = replace(sampling, stop=stop)
    return Request(
        benchmark=benchmark,
        problem=problem,
        sample=sample,
        prompt=template.render(problem) if template else text(problem),
        chat=chat,
        sampling=sampling_of(sampling, sample),
        system=system,
        together=together,
    )


def _bare(sent: Callable[[str], str]) -> Callable[[Problem], str]:
    return lambda problem: sent(problem.context + problem.prompt)
