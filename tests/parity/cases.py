"""What both harnesses are given: completions of the prompts of BigCode's tasks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.data import data_rows

__all__ = ["CASES", "MULTIPLE", "Case", "transplanted"]

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


def _references_and_forms(documents: list[Any], _: list[str]) -> list[list[str]]:
    codes = [document["code"] for document in documents]
    return [[code, _turned(code), _more(code)] for code in codes]


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


def transplanted(short: str, most: int) -> Completions:
    """The bodies of HumanEval-X's solutions, fitted to MultiPL-E's prompts, and up to `most` forms
    of each. Types and names still differ here and there: some do not compile."""

    def make(documents: list[Any], _: list[str]) -> list[list[str]]:
        rows = data_rows(f"humaneval-x/humaneval_{short}.jsonl.gz")
        solutions = {row["task_id"].partition("/")[2]: row for row in rows}
        return [
            list(_forms(_fitted(solutions[document["name"].split("_")[1]], document, short)))[:most]
            for document in documents
        ]

    return make


def _fitted(solution: Any, document: Any, short: str) -> str:
    """The body with the types and parameters of the prompt."""
    body = "\n" + solution["canonical_solution"]
    for ours, theirs in _TYPES[short]:
        body = re.sub(ours, theirs, body)
    names = (_PARAMETERS.findall(_head(d)) for d in (solution["declaration"], document["prompt"]))
    renamed = dict(zip(*names, strict=False))
    return re.sub(r"\b[a-zA-Z_]\w*\b", lambda name: renamed.get(name[0], name[0]), body)


def _head(code: str) -> str:
    """The parameters of the function whose head ends `code`."""
    return code.rstrip().splitlines()[-1].partition("(")[2]


def _forms(body: str) -> Iterator[str]:
    """As it is; its first comparison turned round; its first number one more."""
    yield body
    yield "\n    // turned" + _turned(body)
    yield "\n    // more" + _more(body)


def _turned(code: str) -> str:
    return re.sub(_COMPARISON, lambda found: _OPPOSITE[found[0]], code, count=1)


def _more(code: str) -> str:
    return re.sub(r"\b\d+\b", lambda found: f"{int(found[0]) + 1}", code, count=1)


_TYPES = {
    "js": (),
    "cpp": ((r"^", r"\n    using namespace std;"), (r"\bint\b", "long")),
    "java": ((r"\bInteger\b", "Long"), (r"\bList<", "ArrayList<")),
}
_PARAMETERS = re.compile(r"(\w+)\s*(?=[,)])")
_OPPOSITE = {"==": "!=", "<": ">=", ">": "<="}
# Not the brackets of a type, nor an arrow.
_COMPARISON = r"==(?!=)|(?<=[\w)\]] )[<>](?= )|(?<=\w)<(?=[\w.()]+;)"

MULTIPLE = ("js", "java", "cpp")
"""The languages of MultiPL-E that both harnesses run."""

_CONTINUE = {"prompt": "continue"}

CASES = (
    Case("humaneval-unstripped", "CodeGen-16B, 20 samples", _codegen()),
    Case("humaneval", "CodeGen-16B, 5 samples", _codegen("\n", 5)),
    Case("mbpp", "reference code", _references),
    Case("humanevalplus", "CodeGen-16B, 5 samples", _codegen("\n", 5)),
    Case("mbppplus", "reference code, and two forms", _references_and_forms),
    *(
        Case(f"humanevalsynthesize-{short}", "canonical and buggy", _right_and_wrong, _CONTINUE)
        for short in ("python", "js", "cpp", "java")
    ),
    *(
        Case(f"humanevalfixtests-{short}", "canonical and buggy", _right_and_wrong)
        for short in ("python", "js", "cpp", "java")
    ),
    *(
        Case(f"multiple-{short}", "HumanEval-X's, fitted, and one form", transplanted(short, 2))
        for short in MULTIPLE
    ),
)
