"""The controller's part: plan before the workers start, account for documents, score at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.lm_eval.answers import read_answers
from pytest_aibench.lm_eval.documents import Document, DocumentPlan
from pytest_aibench.lm_eval.items import document_requests
from pytest_aibench.lm_eval.options import LmEvalOptions
from pytest_aibench.lm_eval.results import plain, split_samples, task_hashes
from pytest_aibench.report.jsonfile import write_text
from pytest_aibench.report.lm_eval_merge import lm_eval_samples_path
from pytest_aibench.session.prepare import NO_MODEL

if TYPE_CHECKING:
    from pytest_aibench.lm_eval.code_eval import Execute
    from pytest_aibench.lm_eval.evaluation import Evaluation
    from pytest_aibench.models.base import Request
    from pytest_aibench.session.run import Run
    from pytest_aibench.settings import Settings

__all__ = ["LmEvalRun"]

INSTALL = "lm-eval cannot be imported ({}); install it: pip install 'pytest-aibench[lm-eval]'"
_CHAT = "chat"


class LmEvalRun:
    """lm-eval's tasks in one session. `results` is what `simple_evaluate` returns, without the
    samples and as plain JSON; it has no scores where documents lack. `invalid` says why a run that
    measured everything has no scores nevertheless."""

    def __init__(self, options: LmEvalOptions, settings: Settings, run: Run) -> None:
        self.results: dict[str, Any] = {}
        self.incomplete: list[str] = []
        self.invalid: list[str] = []
        self._options = options
        self._settings = settings
        self._run = run
        self._plan = DocumentPlan(())
        self._pending: dict[str, str] = {}
        self._evaluation: Evaluation | None = None

    def plan(self, scoring_fault: Callable[[bool], str] | None) -> None:
        """Have lm-eval make all its requests, and leave them where the workers find them.

        `scoring_fault(from_start)` says why the model's scores cannot be believed; None where
        nothing is going to be asked.

        Raises:
            UsageError: lm-eval is not installed, a task cannot be loaded, or the model cannot
                answer it.
        """
        if scoring_fault is not None:
            _check_model(self._settings.model)
        self._evaluation = self._open()
        self._plan = self._evaluation.plan()
        self._check_requests(scoring_fault)
        try:
            self._plan.write(self._run.lm_eval_plan_file)
        except TypeError as error:
            raise UsageError(f"--lm-eval-tasks: a task shows more than text ({error})") from error

    @property
    def limits(self) -> list[str]:
        """Why the scores stand for a part of the tasks, though the run has all that was asked."""
        limit = self._options.limit
        if limit is None or limit == self._settings.limit:
            return []
        part = f"the first {limit} documents" if limit >= 1 else f"{limit:.0%} of the documents"
        return [f"limited to {part} of each of lm-eval's tasks"]

    @property
    def languages(self) -> tuple[str, ...]:
        """In which the tasks run programs."""
        executes = self._evaluation is not None and self._evaluation.executes_code
        return ("python",) if executes else ()

    def expect(self, nodeids: Iterable[str]) -> list[Request]:
        """Learn which items will run; what they are going to ask."""
        labels = self._plan.labels
        for nodeid in nodeids:
            label = nodeid.partition("[")[2].removesuffix("]")
            if label in labels:
                self._pending[nodeid] = label
        seed = self._settings.sampling.seed
        return [
            request
            for label in self._pending.values()
            for request in document_requests(*labels[label], self._plan.chat, seed)
        ]

    def awaits(self, nodeid: str) -> bool:
        """Whether an item has not been reported yet."""
        return nodeid in self._pending

    def saw(self, report: pytest.TestReport) -> None:
        """Learn that an item came to an end."""
        if report.when == "call" or not report.passed:
            self._pending.pop(report.nodeid, None)

    def finish(self, stopped: bool, execute: Execute) -> None:
        """Score the run if every document was measured, else say what is missing."""
        answers = read_answers(self._run.folder)
        missing = [label for label in self._plan.labels if label not in answers]
        if missing:
            whole = len(self._plan.labels)
            self.incomplete.append(
                f"{len(missing):,} of {whole:,} documents of lm-eval's tasks were not measured "
                f"(such as {missing[0]}), so they have no scores"
            )
            if self._pending and not stopped:
                self.invalid.append(f"{len(self._pending):,} documents were never reported")
        else:
            self._score(answers, execute)
        self.results["aibench"] = {
            "complete": not (self.incomplete or self.invalid),
            "documents": {task: len(of) for task, of in self._plan.tasks.items()},
            "missing": len(missing),
        }

    def _score(self, answers: dict[str, Any], execute: Execute) -> None:
        assert self._evaluation is not None
        try:
            scores = self._evaluation.score(self._plan, answers, execute)
        except Exception as error:
            # lm-eval runs the tasks' own code here, which may raise anything.
            self.invalid.append(f"lm-eval gave no scores ({type(error).__name__}: {error})")
            return
        samples = scores.pop("samples", {})
        self.results.update(plain({**scores, "task_hashes": task_hashes(samples)}))
        self._samples = samples

    def write_samples(self, summary_file: Path) -> dict[str, Path]:
        """Write lm-eval's record of every document beside the summary, where there are scores.

        Raises:
            OSError: it could not be written.
        """
        if "results" not in self.results:
            return {}
        path = lm_eval_samples_path(summary_file)
        write_text(path, "".join(split_samples(self._samples)))
        return {"lm-eval samples": path}

    def _open(self) -> Evaluation:
        settings = self._settings
        try:
            from pytest_aibench.lm_eval.evaluation import Evaluation
        except ImportError as error:
            raise UsageError(INSTALL.format(error)) from error
        return Evaluation(
            self._options,
            settings.model or "",
            settings.sampling,
            chat=settings.generation.prompt_mode == _CHAT,
            system=settings.generation.system_prompt,
        )

    def _check_requests(self, scoring_fault: Callable[[bool], str] | None) -> None:
        """Refuse what the model cannot be asked, naming the tasks that ask for it."""
        scored = {
            task: documents
            for task, documents in self._plan.tasks.items()
            if any(
                request.continuation is not None
                for request in document_requests(documents[0], 0, self._plan.chat, None)
            )
        }
        if not scored:
            return
        if self._plan.chat:
            raise UsageError(
                f"{_named(scored)}: chat APIs give no log-probabilities; leave out "
                "--prompt-mode chat"
            )
        if scoring_fault is None:
            return
        self._refuse(scored, scoring_fault(False))
        beginning = [task for task, documents in scored.items() if _from_start(documents)]
        if beginning:
            self._refuse(beginning, scoring_fault(True))

    def _refuse(self, tasks: Iterable[str], fault: str) -> None:
        if fault:
            raise UsageError(
                f"{_named(tasks)}: these tasks need log-probabilities, and --model "
                f"{self._settings.model} cannot be used for them: {fault}"
            )


def _named(tasks: Iterable[str]) -> str:
    return f"--lm-eval-tasks {','.join(tasks)}"


def _from_start(documents: Iterable[Document]) -> bool:
    """Whether the first token of a text is to be scored, with nothing before it."""
    return any(
        request.kind == "loglikelihood_rolling" or not str(request.arguments[0]).strip()
        for document in documents
        for request in document.requests
    )


def _check_model(model: str | None) -> None:
    if model is None:
        raise UsageError(NO_MODEL)
    if model.partition(":")[0] == "reference":
        raise UsageError(
            "--model reference has no answers to lm-eval's tasks; name a model, or replay/FILE"
        )
