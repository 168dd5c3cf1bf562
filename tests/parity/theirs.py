"""BigCode's own evaluation of completions: its post-processing, its scoring, its figures."""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.parity.cases import Case

__all__ = ["Counts", "Evaluation", "evaluate", "prepare"]

Counts = dict[int, tuple[int, int]]
"""By the document's place: how many candidates it has, and how many passed."""


@dataclass
class Evaluation:
    """The documents of a case with their completions, and what BigCode finds of them."""

    task: Any
    documents: list[Any]
    prompts: list[str]
    completions: list[list[str]]
    counts: Counts = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)

    @property
    def programs(self) -> int:
        return sum(map(len, self.completions))


def prepare(case: Case) -> Evaluation:
    """The case's documents, prompts and completions."""
    from bigcode_eval.tasks import TASK_REGISTRY

    task = TASK_REGISTRY[case.task](**case.options)
    dataset = task.get_dataset()
    documents = [dataset[i] for i in range(min(len(dataset), case.limit or len(dataset)))]
    prompts = [task.get_prompt(document) for document in documents]
    return Evaluation(task, documents, prompts, case.completions(documents, prompts))


def evaluate(found: Evaluation) -> None:
    """Have the task score all completions; fills in counts and scores."""
    generations = [
        [found.task.postprocess_generation(prompt + text, place) for text in texts]
        for place, (prompt, texts) in enumerate(zip(found.prompts, found.completions, strict=True))
    ]
    references = [found.task.get_reference(document) for document in found.documents]
    with _noting(found):
        scores = found.task.process_results(generations, references)
    found.scores = {name: float(value) for name, value in scores.items()}


@contextlib.contextmanager
def _noting(found: Evaluation) -> Iterator[None]:
    """Note (n, c) of each document on the way: the harness returns the means alone."""
    scope = type(found.task).process_results.__globals__
    before = dict(scope)
    os.environ["HF_ALLOW_CODE_EVAL"] = "1"
    with tempfile.TemporaryDirectory(prefix="aibench-parity-") as folder:
        with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
            tempfile.tempdir = folder
            if "compute_code_eval" in scope:
                scope["compute_code_eval"] = _noted(scope["compute_code_eval"], found)
            if "load" in scope:
                load = scope["load"]
                scope["load"] = lambda path: SimpleNamespace(
                    compute=_noted(load(path).compute, found)
                )
            try:
                yield
            finally:
                tempfile.tempdir = None
                scope.update(before)
        _read_results(Path(folder), found)


def _noted(compute: Any, found: Evaluation) -> Any:
    def computed(*args: Any, **kwargs: Any) -> Any:
        scores, details = compute(*args, **kwargs)
        for place, rows in details.items():
            passed = [row["passed"] for _, row in rows]
            found.counts[place] = (len(passed), sum(passed))
        return scores, details

    return computed


def _read_results(folder: Path, found: Evaluation) -> None:
    """MultiPL-E's files of results, by the problem's name."""
    places = {document.get("name"): place for place, document in enumerate(found.documents)}
    for path in folder.glob("*.results.json"):
        results = json.loads(path.read_text(encoding="utf-8"))["results"]
        passed = [row["status"] == "OK" and row["exit_code"] == 0 for row in results]
        found.counts[places[path.name.removesuffix(".results.json")]] = (len(passed), sum(passed))
