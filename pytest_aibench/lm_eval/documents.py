"""What lm-eval wants to ask, document by document; a file tells it to the workers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pytest_aibench.report.jsonfile import write_text

__all__ = ["Document", "DocumentPlan", "PlannedRequest"]

PLAN_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """One of lm-eval's requests.

    `kind` is the method of its models that it is for, `arguments` are that method's: the context
    and a dict (`generate_until`), two texts (`loglikelihood`), one (`loglikelihood_rolling`).
    """

    kind: str
    index: int
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a task; `doc_id` is its place among those that are measured."""

    task: str
    doc_id: int
    repeats: int
    requests: tuple[PlannedRequest, ...]

    def label(self, repeat: int) -> str:
        """The part of a node id in brackets: `gsm8k-doc12`, with repeats `gsm8k-doc12-s003`."""
        name = f"{self.task}-doc{self.doc_id}"
        return name if self.repeats == 1 else f"{name}-s{repeat:03d}"


@dataclass(frozen=True)
class DocumentPlan:
    """Every document of a run in lm-eval's order. `chat`: contexts are conversations in JSON."""

    documents: tuple[Document, ...]
    chat: bool = False

    @cached_property
    def labels(self) -> dict[str, tuple[Document, int]]:
        """Document and repeat behind each label, in the order of the items."""
        return {d.label(r): (d, r) for d in self.documents for r in range(d.repeats)}

    @property
    def tasks(self) -> dict[str, list[Document]]:
        """The documents of each task."""
        tasks: dict[str, list[Document]] = {}
        for document in self.documents:
            tasks.setdefault(document.task, []).append(document)
        return tasks

    def write(self, path: Path) -> None:
        """Write the plan as JSON Lines, one document a line.

        Raises:
            TypeError: a request holds something that is no JSON, such as an image.
            OSError: the file could not be written.
        """
        write_text(path, "".join(f"{line}\n" for line in self._lines()))

    @classmethod
    def read(cls, path: Path) -> DocumentPlan:
        """The inverse of `write`."""
        with path.open(encoding="ascii") as file:
            header = json.loads(next(file))
            return cls(tuple(_document(json.loads(line)) for line in file), header["chat"])

    def _lines(self) -> Iterator[str]:
        yield json.dumps({"schema_version": PLAN_VERSION, "chat": self.chat})
        for d in self.documents:
            requests = [[r.kind, r.index, list(r.arguments)] for r in d.requests]
            yield json.dumps([d.task, d.doc_id, d.repeats, requests])


def _document(row: list[Any]) -> Document:
    task, doc_id, repeats, requests = row
    asked = tuple(PlannedRequest(kind, index, tuple(args)) for kind, index, args in requests)
    return Document(task, doc_id, repeats, asked)
