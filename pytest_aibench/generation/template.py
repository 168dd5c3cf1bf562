"""A user's own prompt: `--prompt-template FILE`, a Jinja2 template that sees the problem."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_aibench.errors import UsageError
from pytest_aibench.problems.problem import LANGUAGE_NAMES, Problem

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["PromptTemplate"]


class PromptTemplate:
    """Renders prompts; the same text in every process, as nothing but the problem goes in.

    The template sees `prompt`, `context`, `entry_point`, `language`, `language_name` (such as
    `C++`) and `id`. It runs in Jinja2's sandbox, and a name that it misspells is an error.

    Raises:
        UsageError: the file cannot be read, is no template, or fails on a problem; with file and
            line where they are known.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._template = _compiled(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"--prompt-template {path}: cannot be read ({error})") from error
        except Exception as error:
            raise self._failure(error) from error
        self.render = lru_cache(maxsize=4096)(self._render)

    def _render(self, problem: Problem) -> str:
        try:
            return self._template.render(
                prompt=problem.prompt,
                context=problem.context,
                entry_point=problem.entry_point,
                language=problem.language,
                language_name=LANGUAGE_NAMES.get(problem.language, problem.language),
                id=problem.id,
            )
        except Exception as error:
            raise self._failure(error, f" on {problem.id}") from error

    def _failure(self, error: Exception, where: str = "") -> UsageError:
        line = getattr(error, "lineno", None)
        place = f"{self._path}:{line}" if line else str(self._path)
        return UsageError(
            f"--prompt-template {place}: {type(error).__name__}{where}: {error}; a template may "
            "use prompt, context, entry_point, language, language_name and id"
        )


def _compiled(text: str) -> Template:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # Prompts are no HTML, and their last line end may matter to a base model.
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    return environment.from_string(text)
