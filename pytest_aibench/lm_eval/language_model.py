"""Our models as a model of lm-eval: `--model aibench --model_args spec=ollama/llama3`."""

from __future__ import annotations

import atexit
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from lm_eval.api.instance import Instance
from lm_eval.api.registry import register_model

from pytest_aibench.errors import UsageError
from pytest_aibench.generation.controller import (
    DEFAULT_CONCURRENCY,
    GenerationService,
    GenerationSettings,
)
from pytest_aibench.generation.service import Generator, open_generator
from pytest_aibench.lm_eval.documents import PlannedRequest
from pytest_aibench.lm_eval.requests import Answer, answer_of, make_request
from pytest_aibench.lm_eval.stand_ins import StandIn
from pytest_aibench.models.base import Request
from pytest_aibench.models.spec import is_local, parse_spec

__all__ = ["AibenchLM"]


@register_model("aibench")
class AibenchLM(StandIn):
    """Asks the model `spec`, as `--model` names it, with so many requests in flight.

    `cache_dir` keeps replies for later runs. Further arguments are options of the model, such as
    `num_ctx=8192`. lm-eval's own batch size and device have no meaning here.

    Raises:
        UsageError, ModelError: the model cannot be used.
    """

    def __init__(
        self,
        spec: str,
        base_url: str | None = None,
        seed: int | None = None,
        concurrency: int = DEFAULT_CONCURRENCY,
        cache_dir: str | None = None,
        batch_size: object = None,
        max_batch_size: object = None,
        device: object = None,
        **options: object,
    ) -> None:
        text = ",".join([spec, *(f"{name}={_text(value)}" for name, value in options.items())])
        super().__init__(text)
        self._seed = seed
        self._chat = False
        self._service: GenerationService | None = None
        parsed = parse_spec(text, base_url=base_url)
        if not is_local(parsed):
            folder = Path(cache_dir) if cache_dir else None
            settings = GenerationSettings(concurrency=int(concurrency), cache_dir=folder)
            self._service = GenerationService.start(parsed, settings)
        self._generator: Generator = (
            self._service.generator() if self._service else open_generator(parsed)
        )
        atexit.register(self.close)

    def apply_chat_template(
        self, chat_history: list[dict[str, str]], add_generation_prompt: bool = True
    ) -> str:
        self._chat = True
        return super().apply_chat_template(chat_history, add_generation_prompt)

    def answers(self, requests: Sequence[Instance]) -> list[Answer]:
        chat, self._chat = self._chat, False
        asked = self._requests(requests, chat)
        self._check_scores(asked)
        if self._service is not None:
            self._service.plan(asked)
        return [answer_of(request, self._generator.reply(request)) for request in asked]

    def close(self) -> None:
        """Release the model; nothing can be asked afterwards."""
        atexit.unregister(self.close)
        self._generator.close()
        if self._service is not None:
            self._service.close()

    def _requests(self, instances: Sequence[Instance], chat: bool) -> list[Request]:
        repeats: Counter[int] = Counter()
        asked = []
        for instance in instances:
            planned = PlannedRequest(instance.request_type, instance.idx, tuple(instance.args))
            task, name = instance.task_name, f"{instance.task_name}-doc{instance.doc_id}"
            repeat = repeats[id(instance)]
            asked.append(make_request(planned, task, name, repeat, chat=chat, seed=self._seed))
            repeats[id(instance)] += 1
        return asked

    def _check_scores(self, asked: Sequence[Request]) -> None:
        scored = [request for request in asked if request.continuation is not None]
        if not scored or self._service is None:
            return
        from_start = any(request.rolling or not request.prompt.strip() for request in scored)
        fault = self._service.scoring_fault(from_start=from_start)
        if fault:
            raise UsageError(f"the model cannot be used for log-probabilities: {fault}")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
