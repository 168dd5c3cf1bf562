"""Answers on disk: appended by each process, read by the controller when the session ends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pytest_aibench.lm_eval.requests import Answer

__all__ = ["AnswerWriter", "read_answers"]


class AnswerWriter:
    """Appends to a file; what was written survives the death of the process."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)

    def write(self, label: str, answers: Sequence[Answer]) -> None:
        """Keep the answers to all requests of a document, in their order.

        Raises:
            OSError: the disk is full or gone.
        """
        line = json.dumps([label, answers]).encode("ascii") + b"\n"
        if self._file.write(line) != len(line):
            raise OSError(f"{self._file.name}: the answers to {label} could not be written")

    def close(self) -> None:
        self._file.close()


def read_answers(folder: Path) -> dict[str, list[Answer]]:
    """The answers in all files of `folder`, by label; a torn last line is left out."""
    found: dict[str, list[Answer]] = {}
    for path in sorted(folder.glob("lm-eval-answers-*.jsonl")):
        with path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    label, answers = json.loads(line)
                    found[label] = [tuple(a) if isinstance(a, list) else a for a in answers]
    return found
