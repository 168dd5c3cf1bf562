"""The models that lm-eval evaluates in the controller: one that plans, one that remembers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from lm_eval.api.instance import Instance
from lm_eval.api.model import LM

from pytest_aibench.errors import InfrastructureError
from pytest_aibench.lm_eval.documents import Document, DocumentPlan
from pytest_aibench.lm_eval.requests import Answer

__all__ = ["Planned", "PlanningModel", "RecordedModel", "StandIn"]


class Planned(BaseException):
    """No error: everything is planned, lm-eval asked its first question. It must not catch it."""


class StandIn(LM):  # type: ignore[misc]
    """Writes conversations as JSON, so that requests can be sent to a server's chat API.

    `config._name_or_path` is where lm-eval finds the name for its results.
    """

    tokenizer_name = "aibench-conversation"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.config = SimpleNamespace(_name_or_path=name)

    def apply_chat_template(
        self, chat_history: list[dict[str, str]], add_generation_prompt: bool = True
    ) -> str:
        return json.dumps(chat_history, ensure_ascii=False)

    def generate_until(self, requests: list[Instance], **_: Any) -> list[Any]:
        return self.answers(requests)

    def loglikelihood(self, requests: list[Instance], **_: Any) -> list[Any]:
        return self.answers(requests)

    def loglikelihood_rolling(self, requests: list[Instance], **_: Any) -> list[Any]:
        return self.answers(requests)

    def answers(self, requests: Sequence[Instance]) -> list[Answer]:
        """One answer to each request, in their order; repeats follow each other."""
        raise NotImplementedError


class PlanningModel(StandIn):
    """Stops the evaluation when all requests are made."""

    def answers(self, requests: Sequence[Instance]) -> list[Answer]:
        raise Planned


class RecordedModel(StandIn):
    """Gives the answers that items have recorded, by label, to exactly what was planned.

    Raises:
        InfrastructureError: lm-eval asks for something else than it planned.
    """

    def __init__(
        self, name: str, plan: DocumentPlan, recorded: Mapping[str, Sequence[Answer]]
    ) -> None:
        super().__init__(name)
        self._documents = {(d.task, d.doc_id): d for d in plan.documents}
        self._recorded = recorded

    def answers(self, requests: Sequence[Instance]) -> list[Answer]:
        asked: Counter[int] = Counter()
        found = []
        for request in requests:
            found.append(self._answer(request, asked[id(request)]))
            asked[id(request)] += 1
        return found

    def _answer(self, request: Instance, repeat: int) -> Answer:
        document = self._documents.get((request.task_name, request.doc_id))
        place = _place(document, request)
        if document is None or place is None:
            raise InfrastructureError(
                f"lm-eval's task {request.task_name} asks for document {request.doc_id} otherwise "
                "than when it was planned, as if it drew at random; its answers cannot be scored"
            )
        return self._recorded[document.label(repeat)][place]


def _place(document: Document | None, request: Instance) -> int | None:
    """Which of the document's planned requests `request` is."""
    for place, planned in enumerate(document.requests if document else ()):
        if (planned.kind, planned.index) == (request.request_type, request.idx):
            return place if planned.arguments == tuple(request.args) else None
    return None
