"""Pytest items of lm-eval's tasks: one a document, and a repeat where the task repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from pytest_aibench.errors import AibenchError
from pytest_aibench.items.collect import named_on_command_line
from pytest_aibench.lm_eval.answers import AnswerWriter
from pytest_aibench.lm_eval.documents import Document, DocumentPlan
from pytest_aibench.lm_eval.requests import Answer, answer_of, make_request
from pytest_aibench.records import one_line

if TYPE_CHECKING:
    from pytest_aibench.session.engine import Engine

__all__ = ["DocumentItem", "DocumentSample", "Documents", "collect_documents"]

NO_TASKS = (
    "no lm-eval task is named. Give --lm-eval-tasks TASK,... such as gsm8k,arc_easy; "
    "`lm_eval ls tasks` lists them"
)


def collect_documents(
    collector: pytest.Collector, name: str, function: Callable[..., object], documents: Documents
) -> list[pytest.Item]:
    """The items of a function for lm-eval's documents; none where no task was named."""
    config = collector.config
    if not config.getoption("lm_eval_tasks"):
        if named_on_command_line(collector.path, config):
            raise collector.CollectError(NO_TASKS)
        return []
    template: Any = pytest.Function.from_parent(collector, name=name)
    # Without `originalname`, for pytest takes the node id from it.
    shared = {"callobj": function, "fixtureinfo": template._fixtureinfo}
    return list(_items(collector, name, documents, shared))


def _items(
    collector: pytest.Collector, name: str, documents: Documents, shared: dict[str, Any]
) -> Iterator[pytest.Item]:
    for label, (document, repeat) in documents.plan.labels.items():
        item: DocumentItem = DocumentItem.from_parent(collector, name=f"{name}[{label}]", **shared)
        item.document = DocumentSample(label, document, repeat, documents)
        yield item


class DocumentItem(pytest.Function):
    """One document, asked of the model when the item runs."""

    document: DocumentSample
    quiet = None

    def release(self) -> None:
        """Forget what only the running item needs, as pytest's own runner does."""
        self._request = False  # type: ignore[assignment]
        self.funcargs = {}

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """One line where the model could not be asked, a traceback for all else."""
        if isinstance(excinfo.value, AibenchError):
            return one_line(f"{type(excinfo.value).__name__}: {excinfo.value}")
        return super().repr_failure(excinfo)


class DocumentSample:
    """What the test function receives: one attempt of the model at one document."""

    def __init__(self, label: str, document: Document, repeat: int, documents: Documents) -> None:
        self.label = label
        self.document = document
        self.repeat = repeat
        self._documents = documents

    def answer(self) -> list[Answer]:
        """Ask the model and keep its answers to all requests of the document for the scores.

        Raises:
            ModelError: it could not be asked; the document is not measured.
        """
        answers = self._documents.ask(self.document, self.repeat)
        self._documents.writer.write(self.label, answers)
        return answers


class Documents:
    """The planned documents as one process of the run sees them."""

    def __init__(self, config: pytest.Config, engine: Engine) -> None:
        self._config = config
        self._engine = engine

    @cached_property
    def plan(self) -> DocumentPlan:
        return DocumentPlan.read(self._engine.run.lm_eval_plan_file)

    @cached_property
    def writer(self) -> AnswerWriter:
        run = self._engine.run
        writer = AnswerWriter(run.folder / f"lm-eval-answers-{run.worker}.jsonl")
        self._config.add_cleanup(writer.close)
        return writer

    def ask(self, document: Document, repeat: int) -> list[Answer]:
        """The answers to all requests of `document`. Raises `ModelError`."""
        requests = document_requests(
            document, repeat, self.plan.chat, self._engine.settings.sampling.seed
        )
        return [answer_of(r, self._engine.generator.reply(r)) for r in requests]


def document_requests(document: Document, repeat: int, chat: bool, seed: int | None) -> list[Any]:
    """Our requests for those of `document`. Raises `UsageError` as `make_request`."""
    name = f"{document.task}-doc{document.doc_id}"
    return [
        make_request(planned, document.task, name, repeat, chat=chat, seed=seed)
        for planned in document.requests
    ]
