"""A problem, and the data set it comes from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

__all__ = ["LANGUAGES", "LANGUAGE_NAMES", "Dataset", "Problem", "Task", "digest_of"]

LANGUAGES = ("python", "javascript", "java", "cpp")
LANGUAGE_NAMES = {
    "python": "Python",
    "javascript": "JavaScript",
    "java": "Java",
    "cpp": "C++",
    "go": "Go",
    "rust": "Rust",
}

Task = Literal["complete", "answer", "write"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One task of a benchmark, in HumanEval's form.

    `prompt` holds imports, signature and docstring; `canonical_solution` continues it.
    `test` defines `check(candidate)`; the program under test ends in `check(entry_point)`.
    `wrong_solutions` continue the prompt too; the tests must reject them.
    `tags` name topic and difficulty, where the data set gives them.
    `context` is what the model sees before the prompt and the program lacks, such as a buggy
    solution and the instruction to fix it.
    `task` says what is asked for: to `complete` the prompt, which is code and begins the program;
    to `answer` the prompt, which is a text: the model gets it as it is, and what it replies is the
    solution, which the benchmark's composition reads; or to `write` the code that the prompt, a
    text, asks for: all of the solution. Without an `entry_point` it is any code.
    `runtime` is the sandbox's name for the language with the libraries that its programs need,
    where these are more than the usual ones.
    """

    id: str
    prompt: str
    entry_point: str
    test: str
    canonical_solution: str | None = None
    language: str = "python"
    wrong_solutions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    context: str = ""
    task: Task = "complete"
    runtime: str = ""

    @property
    def executed_as(self) -> str:
        """What the sandbox calls the language of its programs."""
        return self.runtime or self.language


@dataclass(frozen=True, slots=True)
class Dataset:
    """The problems of a benchmark, in their published order.

    `digest` is the SHA-256 of the published bytes that they were read from, or of the problems
    themselves (`digest_of`); `source` says from where they are.
    """

    problems: tuple[Problem, ...]
    digest: str
    source: str


def digest_of(problems: Iterable[Problem]) -> str:
    """SHA-256 of all that `problems` hold, in their order."""
    text = json.dumps([asdict(problem) for problem in problems], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
