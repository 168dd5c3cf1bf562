"""What both harnesses are given: completions of the prompts of BigCode's tasks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.data import data_rows

__all__ = ["CASES", "Case"]

Completions = Callable[[list[Any], list[str]], list[list[str]]]
"""From the documents and their prompts to the completions of each."""


@dataclass(frozen=True, slots=True)
class Case:
    """One comparison: a task, whose prompts `completions` continue.

    `limit` takes the first documents only: where one program takes BigCode's harness seconds.
    """

    task: str
    title: str
    completions: Completions
    options: Mapping[str, str] = field(default_factory=dict)
    limit: int | None = None


def _codegen(lead: str = "", most: int | None = None) -> Completions:
    """Samples of CodeGen-16B for HumanEval; `lead` is what a stripped prompt lacks at its end."""

    def make(documents: list[Any], _: list[str]) -> list[list[str]]:
        found: dict[str, list[str]] = {}
        for row in data_rows("generations/codegen16b_humaneval_20.jsonl.gz"):
            found.setdefault(row["task_id"], []).append(lead + row["completion"])
        return [found[document["task_id"]][:most] for document in documents]

    return make


def _references(documents: list[Any], _: list[str]) -> list[list[str]]:
    return [[document["code"]] for document in documents]


def _right_and_wrong(documents: list[Any], prompts: list[str]) -> list[list[str]]:
    """HumanEvalPack's canonical and buggy solution."""
    return [
        [_lead(document, prompt) + document[f"{kind}_solution"] for kind in ("canonical", "buggy")]
        for document, prompt in zip(documents, prompts, strict=True)
    ]


def _lead(document: Any, prompt: str) -> str:
    """The white space that was stripped off the prompt's end."""
    for code in (document["prompt"], document["declaration"]):
        if prompt.endswith(code.strip()):
            return str(code[len(code.rstrip()) :])
    raise ValueError(f"{document['task_id']}: the prompt does not end in the function's head")


def _transplanted(short: str) -> Completions:
    """The bodies of HumanEval-X's solutions in the functions of MultiPL-E's prompts, and each once
    more with its first comparison changed. Names and types differ here and there, so that some
    pass, some fail and some do not compile."""

    def make(documents: list[Any], _: list[str]) -> list[list[str]]:
        rows = data_rows(f"humaneval-x/humaneval_{short}.jsonl.gz")
        bodies = {row["task_id"].partition("/")[2]: row["canonical_solution"] for row in rows}
        return [_both("\n" + bodies[document["name"].split("_")[1]]) for document in documents]

    return make


def _both(body: str) -> list[str]:
    return [body, re.sub(r"(?<= )[<>](?= )", "!=", body, count=1)]


_CONTINUE = {"prompt": "continue"}

CASES = (
    Case("humaneval-unstripped", "CodeGen-16B, 20 samples", _codegen()),
    Case("humaneval", "CodeGen-16B, 5 samples", _codegen("\n", 5)),
    Case("mbpp", "reference code", _references),
    *(
        Case(f"humanevalsynthesize-{short}", "canonical and buggy", _right_and_wrong, _CONTINUE)
        for short in ("python", "js", "cpp", "java")
    ),
    *(
        Case(f"humanevalfixtests-{short}", "canonical and buggy", _right_and_wrong)
        for short in ("python", "js")
    ),
    Case("multiple-js", "HumanEval-X's solutions, transplanted", _transplanted("js")),
    Case("multiple-java", "HumanEval-X's solutions, transplanted", _transplanted("java"), limit=60),
    Case("multiple-cpp", "HumanEval-X's solutions, transplanted", _transplanted("cpp"), limit=60),
)
