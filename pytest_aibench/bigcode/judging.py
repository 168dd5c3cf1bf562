"""By which rules the sandbox judges what a task would execute: those of the profile `bigcode`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pytest_aibench.bigcode.capture import Execution
from pytest_aibench.errors import UsageError
from pytest_aibench.problems.judging import Rules
from pytest_aibench.problems.problem import LANGUAGES
from pytest_aibench.profiles.bigcode import BIGCODE

__all__ = ["Judging", "judging_of"]

_SHORT = {"python": "python", "javascript": "js", "java": "java", "cpp": "cpp"}
_NAMES = {"py": "python", "js": "javascript"}
_SCRIPT_SECONDS = 15.0
"""The limit of MultiPL-E (`safe_subprocess/__init__.py`) and StudentEval for a Python script."""

# OctoPack imports it before every program (`IMPORT_HELPER` of humanevalpack.py), which takes longer
# than most of them; `compose_with_numpy` does where it is named.
_NUMPY = "import numpy\nimport numpy as np\n"


@dataclass(frozen=True, slots=True)
class Judging:
    """`header` is what the harness puts before each candidate, and `rules` put there again."""

    language: str
    rules: Rules
    cpu_seconds: float
    header: str = ""


def judging_of(execution: Execution) -> Judging:
    """How a task that executes such programs is judged.

    Raises:
        UsageError: the sandbox does not know the language.
    """
    language = _NAMES.get(execution.language, execution.language)
    if language not in LANGUAGES:
        raise UsageError(
            f"its programs are in {language}, and the sandbox runs {', '.join(LANGUAGES)}"
        )
    found = _of_judge(execution.judge, language)
    header = _header(found.rules.preamble, language)
    if not execution.candidate.startswith(header):
        header, found = "", replace(found, rules=replace(found.rules, preamble=""))
    seconds = found.cpu_seconds if execution.seconds is None else execution.seconds
    return replace(found, header=header, cpu_seconds=float(seconds))


def _of_judge(judge: str, language: str) -> Judging:
    if judge == "script" or (judge == "multipl-e" and language == "python"):
        return Judging(language, Rules(), _SCRIPT_SECONDS)
    benchmark = {
        "code_eval": "humaneval",
        "octopack": f"humanevalpack-synthesize-{_SHORT[language]}",
        "multipl-e": f"multipl-e-{_SHORT[language]}",
    }[judge]
    task = BIGCODE.tasks[benchmark]
    return Judging(language, task.rules, task.cpu_seconds)


def _header(preamble: str, language: str) -> str:
    if language != "python":
        return preamble
    return preamble.replace("import string\n", f"{_NUMPY}import string\n")
