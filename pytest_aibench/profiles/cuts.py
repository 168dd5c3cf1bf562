"""From a prompt and its continuation to the candidate, as harnesses cut them: pure functions.

All take the problem and `prompt + continuation`. White space that a harness strips off the end of
a prompt before it asks belongs to the continuation here, so that continuations of either prompt
become the same candidate.
"""

from __future__ import annotations

from collections.abc import Callable

from pytest_aibench.models.stops import cut_at_stop
from pytest_aibench.problems.problem import Problem

__all__ = ["Cut", "after_prompt", "after_stripped_prompt", "after_trimmed_prompt", "block_of"]

Cut = Callable[[str], str]
"""From a continuation to as much of it as a harness keeps."""

_BRACES_OPEN = {"java": 2}
"""Blocks that a prompt leaves open: in Java the function and its class, elsewhere the function."""


def after_prompt(problem: Problem, text: str, *, cut: Cut) -> str:
    """The prompt as it is, and `cut` of what follows."""
    return problem.prompt + cut(text[len(problem.prompt) :])


def after_stripped_prompt(problem: Problem, text: str, *, cut: Cut) -> str:
    """The prompt without white space at both ends, and `cut` of what follows."""
    return problem.prompt.strip() + cut(text[len(problem.prompt.rstrip()) :])


def after_trimmed_prompt(problem: Problem, text: str, *, cut: Cut) -> str:
    """The prompt without white space at its end, and `cut` of what follows without its own."""
    trimmed = problem.prompt.rstrip()
    return trimmed + cut(text[len(trimmed) :].rstrip())


def block_of(text: str, *, language: str, stop: tuple[str, ...]) -> str:
    """As much of a continuation as belongs to the function that the prompt began.

    BigCode's `HumanEvalPackGenerative.remove_last_block`: cut at the stop words, in the order of
    their list; then in Python before the first line that begins at the margin, elsewhere after
    the brace that balances. Braces in strings and comments count, as they do there.
    """
    for word in stop:
        text = cut_at_stop(text, [word])
    if language == "python":
        return _indented(text)
    end = _balanced_end(text, _BRACES_OPEN.get(language, 1))
    if end is not None:
        return text[:end]
    return _closed_java(text) if language == "java" else _up_to_last_brace(text)


def _indented(text: str) -> str:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.strip() and line[0] not in " \t":
            return "\n".join(lines[:number])
    return text


def _balanced_end(text: str, depth: int) -> int | None:
    """Where the block ends that began `depth` braces before `text`; None if it does not."""
    for position, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if not depth:
            return position + 1
    return None


def _up_to_last_brace(text: str) -> str:
    return text[: text.rfind("}")] + "}" if "}" in text else text


def _closed_java(text: str) -> str:
    main = text.find("public static void main")
    text = _up_to_last_brace(text if main < 0 else text[:main] + "}")
    return text + "\n}" if text.count("{") - 1 == text.count("}") else text
