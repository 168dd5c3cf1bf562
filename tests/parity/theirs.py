"""BigCode's own evaluation of completions: its post-processing, its scoring, its figures."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.parity.cases import Case

__all__ = ["Counts", "Evaluation", "evaluate", "make_task", "prepare", "repeat"]

# What completions import and the image of our sandbox lacks, hidden where BigCode executes them: in
# processes that it forks. None: not to be found.
_hidden = dict.fromkeys(("torch", "lxml"))
os.register_at_fork(after_in_child=lambda: sys.modules.update(_hidden))  # type: ignore[arg-type]

Counts = dict[int, tuple[int, int]]
"""By the document's place: how many candidates it has, and how many passed."""


@dataclass
class Evaluation:
    """The documents of a case with their completions, and what BigCode finds of them.

    `repeated` are the places of the documents that were evaluated again, alone.
    """

    task: Any
    documents: list[Any]
    prompts: list[str]
    completions: list[list[str]]
    counts: Counts = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    repeated: list[int] = field(default_factory=list)

    @property
    def programs(self) -> int:
        return sum(map(len, self.completions))

    def generations(self, place: int) -> list[str]:
        """The candidates of a document, as the harness would have saved them."""
        whole = [self.prompts[place] + text for text in self.completions[place]]
        return [self.task.postprocess_generation(text, place) for text in whole]


def prepare(case: Case) -> Evaluation:
    """The case's documents, prompts and completions."""
    task = make_task(case.task)(**case.options)
    dataset = task.get_dataset()
    documents = [dataset[i] for i in range(min(len(dataset), case.limit or len(dataset)))]
    prompts = [task.get_prompt(document) for document in documents]
    return Evaluation(task, documents, prompts, case.completions(documents, prompts))


def make_task(name: str) -> Any:
    """The class of the harness's task of that name."""
    from bigcode_eval.tasks import TASK_REGISTRY

    return TASK_REGISTRY[name]


def evaluate(found: Evaluation, processes: int | None = None) -> None:
    """Have the task score all completions; fills in counts and scores. `processes`: how many
    programs run at a time, instead of the task's own choice; MultiPL-E's is one a core but one."""
    found.counts, found.scores = _score(found, range(len(found.documents)), processes)


def repeat(found: Evaluation, places: Iterable[int]) -> None:
    """Evaluate these documents again, one after the other, and believe that: the harness limits
    the time that passes, which is others' too."""
    from bigcode_eval.tasks.custom_metrics.code_eval import estimate_pass_at_k

    for place in places:
        counts, _ = _score(found, [place], processes=1)
        found.counts[place] = counts[0]
        found.repeated.append(place)
    totals, passed = zip(*found.counts.values(), strict=True)
    for name in found.scores:
        k = int(name.partition("@")[2])
        found.scores[name] = float(estimate_pass_at_k(list(totals), list(passed), k).mean())


def _score(
    found: Evaluation, places: Sequence[int], processes: int | None
) -> tuple[Counts, dict[str, float]]:
    """(n, c) by the order of `places`, and the means over them."""
    from bigcode_eval.tasks.custom_metrics.multiple_metrics import evaluation

    evaluation.CACHE.clear()
    generations = [found.generations(place) for place in places]
    references = [found.task.get_reference(found.documents[place]) for place in places]
    counts: Counts = {}
    with _noting(found, counts, processes):
        scores = found.task.process_results(generations, references)
    return counts, {name: float(value) for name, value in scores.items()}


@contextlib.contextmanager
def _noting(found: Evaluation, counts: Counts, processes: int | None) -> Iterator[None]:
    """Note (n, c) of each document on the way: the harness returns the means alone."""
    scope = type(found.task).process_results.__globals__
    before = dict(scope)
    workers = {"num_workers": processes} if processes else {}
    os.environ["HF_ALLOW_CODE_EVAL"] = "1"
    if "compute_code_eval" in scope:
        scope["compute_code_eval"] = _noted(scope["compute_code_eval"], counts, workers)
    if "load" in scope:
        load = scope["load"]
        scope["load"] = lambda path: SimpleNamespace(
            compute=_noted(load(path).compute, counts, workers)
        )
    try:
        with _folder() as folder, _silence():
            yield
            _read_results(folder, found, counts)
    finally:
        scope.update(before)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder for what the harness leaves in the current one and in that for temporary files."""
    with tempfile.TemporaryDirectory(prefix="aibench-parity-") as folder:
        tempfile.tempdir = folder
        try:
            with contextlib.chdir(folder):
                yield Path(folder)
        finally:
            tempfile.tempdir = None
            _end_programs(folder)


def _end_programs(folder: str) -> None:
    """End what still runs there: after a time-out the harness ends only the process that started
    the program."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink().is_relative_to(folder):
                os.kill(int(process.name), signal.SIGKILL)


def _noted(compute: Any, counts: Counts, workers: Mapping[str, int]) -> Any:
    def computed(**kwargs: Any) -> Any:
        scores, details = compute(**{**kwargs, **workers})
        for place, rows in details.items():
            passed = [row["passed"] for _, row in rows]
            counts[place] = (len(passed), sum(passed))
        return scores, details

    return computed


def _read_results(folder: Path, found: Evaluation, counts: Counts) -> None:
    """MultiPL-E's files of results. Whatever is scored, it names after the first problems."""
    places = {document.get("name"): place for place, document in enumerate(found.documents)}
    for path in folder.glob("*.results.json"):
        results = json.loads(path.read_text(encoding="utf-8"))["results"]
        passed = [row["status"] == "OK" and row["exit_code"] == 0 for row in results]
        counts[places[path.name.removesuffix(".results.json")]] = (len(passed), sum(passed))
