"""From a document of a task to a problem of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pytest_aibench.errors import UsageError
from pytest_aibench.problems.declarations import declared_name
from pytest_aibench.problems.rules import check_task_id

__all__ = ["entry_point", "problem_ids", "prompt_text", "solutions"]


def problem_ids(task: str, documents: Sequence[Any]) -> list[str]:
    """An id for each document: its own where it has one, and no other document has the same."""
    ids = [_own_id(task, document, place) for place, document in enumerate(documents)]
    repeated = {id_ for id_ in ids if ids.count(id_) > 1}
    return [f"{id_}.{place}" if id_ in repeated else id_ for place, id_ in enumerate(ids)]


def prompt_text(task: str, prompt: object) -> str:
    """What a model continues, of what `get_prompt` returns (`TokenizedDataset` in utils.py).

    Raises:
        UsageError: it is none of text.
    """
    if isinstance(prompt, str):
        return prompt
    if isinstance(prompt, dict) and set(prompt) == {"instruction", "context"}:
        return f"{prompt['instruction']}\n{prompt['context']}"
    raise UsageError(
        f"--bigcode-tasks {task}: its prompts are to be filled in between two texts, in a form "
        "that is each model's own; run it with the harness's own main.py"
    )


def entry_point(document: Any, language: str, tests: str) -> str:
    """The function that `tests` call; empty where the document does not tell."""
    if not isinstance(document, Mapping):
        return ""
    for key in ("declaration", "prompt"):
        try:
            return declared_name(document.get(key) or "", language)
        except ValueError:
            continue
    named = document.get("entry_point")
    defined = [named] if named else _DEFINED.findall(document.get("code") or "")
    return next((name for name in defined if re.search(rf"\b{re.escape(name)}\s*\(", tests)), "")


def solutions(document: Any, prompt: str) -> tuple[str | None, tuple[str, ...]]:
    """The document's own solution and its wrong ones, as continuations of `prompt`."""
    if not isinstance(document, Mapping):
        return None, ()
    lead = _lead(document, prompt)
    if lead is None:
        return document.get("code"), ()
    right, wrong = document.get("canonical_solution"), document.get("buggy_solution")
    return (lead + right if right else None), (lead + wrong,) if wrong else ()


_DEFINED = re.compile(r"^\s*(?:def|class)\s+(\w+)", re.MULTILINE)


def _own_id(task: str, document: Any, place: int) -> str:
    found = place
    if isinstance(document, Mapping):
        found = document.get("task_id", document.get("name", place))
    # A bare number (MBPP's) tells nothing without its task.
    text = f"{task.upper()}/{found}" if isinstance(found, int) else str(found)
    try:
        return check_task_id(text)
    except ValueError:
        return f"{task.upper()}/{place}"


def _lead(document: Mapping[str, Any], prompt: str) -> str | None:
    """What a harness stripped off the end of the code that a solution continues; None where the
    prompt does not end in that code."""
    for key in ("prompt", "declaration"):
        code = document.get(key) or ""
        if code.strip() and prompt.rstrip().endswith(code.strip()):
            # A prompt that was not stripped leaves nothing to put back.
            return "" if prompt.endswith(code) else code[len(code.rstrip()) :]
    return None
