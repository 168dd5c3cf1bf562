"""The controller's side of generation: a broker in a thread, its store, and a door for workers.

Controller: `service = GenerationService.start(spec, ...)`, `service.plan(requests)`,
`service.close()`. Worker: `connect(service.address)`. Item: `generator.reply(request)`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from pytest_aibench.errors import UsageError
from pytest_aibench.generation.accounts import Accounts, Budget, Usage
from pytest_aibench.generation.broker import Broker, Progress
from pytest_aibench.generation.endpoint import Endpoint
from pytest_aibench.generation.loop import LoopThread
from pytest_aibench.generation.service import Generator
from pytest_aibench.generation.store import STORE_FILE, ReplyStore
from pytest_aibench.models.base import ChoicesModel, Model, ModelIdentity, Reply, Request
from pytest_aibench.models.errors import RequestError
from pytest_aibench.models.retry import Retrier, RetryPolicy
from pytest_aibench.models.scoring import scoring_fault
from pytest_aibench.models.spec import ModelSpec, open_model

__all__ = ["DEFAULT_CONCURRENCY", "BrokerGenerator", "GenerationService", "GenerationSettings"]

DEFAULT_CONCURRENCY = 8
"""Requests in flight. Ollama answers one at a time unless told otherwise and queues the rest."""


@dataclass(frozen=True, slots=True)
class GenerationSettings:
    """How the model is asked; without `cache_dir` replies live as long as the service."""

    concurrency: int = DEFAULT_CONCURRENCY
    cache_dir: Path | None = None
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    budget: Budget = field(default_factory=Budget)
    samples_per_request: int = 1


class GenerationService:
    """The model of a run; made by `start`, in the controller or in the only process."""

    def __init__(self, model: Model, settings: GenerationSettings) -> None:
        self._model = model
        self._settings = settings
        self._accounts = Accounts(settings.budget)
        self._retrier = Retrier(settings.policy)
        self._scratch = tempfile.TemporaryDirectory(prefix="aibench-replies-")
        self._loop = LoopThread("aibench-broker")

    @classmethod
    def start(
        cls,
        spec: ModelSpec | str,
        settings: GenerationSettings | None = None,
        *,
        base_url: str | None = None,
        on_halt: Callable[[RequestError], None] = lambda _: None,
    ) -> Self:
        """Reach the model and be ready.

        `on_halt` is called once, from another thread, with the error that stopped all requests.

        Raises:
            UsageError: as `open_model`, or the model gives one reply to a request and no more.
            ModelError: the server cannot be reached, lacks the model, or the store cannot be used.
        """
        model = open_model(spec, base_url=base_url)
        settings = settings or GenerationSettings()
        if settings.samples_per_request > 1 and not isinstance(model, ChoicesModel):
            raise UsageError(_no_choices(spec, settings.samples_per_request))
        service = cls(model, settings)
        try:
            service._loop.run(service._open(on_halt))
        except BaseException:
            service._loop.run(model.close())
            service._end()
            raise
        return service

    @property
    def identity(self) -> ModelIdentity:
        return self._broker.identity

    @property
    def address(self) -> str:
        """Where workers `connect`."""
        return self._endpoint.address

    @property
    def halted(self) -> RequestError | None:
        """The error that stopped all requests."""
        return self._broker.halted

    @property
    def usage(self) -> dict[str, Usage]:
        """What each benchmark has cost so far."""
        return dict(self._accounts.usage)

    @property
    def warnings(self) -> list[str]:
        """Sentences for the user about how the server answers."""
        wanted, most = self._settings.samples_per_request, self._broker.most_choices
        if most is None:
            return []
        return [
            f"--samples-per-request {wanted}: the server gave no more than {most} to a request; "
            "the others were asked for in requests of their own"
        ]

    @property
    def store_damage(self) -> int:
        """How many stored replies were found damaged and were dropped."""
        return self._store.damaged

    def plan(self, requests: Sequence[Request]) -> None:
        """Have these asked for in their order, beside what items wait for; returns at once."""
        self._loop.call(lambda: self._broker.plan(requests))

    def scoring_fault(self, *, from_start: bool) -> str:
        """As `Scorer.scoring_fault` of the model. Raises `ModelError`."""
        return self._loop.run(scoring_fault(self._model, from_start=from_start))

    def generator(self) -> Generator:
        """For items in this process."""
        return BrokerGenerator(self._loop, self._broker)

    def progress(self) -> Progress:
        return self._broker.progress()

    def close(self) -> None:
        """Break off what is in flight; may be called twice."""
        if not self._loop.stopped:
            self._loop.run(self._close())
            self._end()

    async def _open(self, on_halt: Callable[[RequestError], None]) -> None:
        identity = await self._retrier.call(self._model.identify)
        folder = self._settings.cache_dir or Path(self._scratch.name)
        self._store = ReplyStore(folder / STORE_FILE)
        self._broker = Broker(
            self._model,
            identity,
            self._store,
            slots=self._settings.concurrency,
            retrier=self._retrier,
            accounts=self._accounts,
            on_halt=on_halt,
        )
        self._endpoint = Endpoint(self._broker)
        await self._endpoint.open()

    async def _close(self) -> None:
        await self._broker.close()
        await self._endpoint.close()
        self._store.close()

    def _end(self) -> None:
        self._loop.stop()
        self._scratch.cleanup()


def _no_choices(spec: ModelSpec | str, wanted: int) -> str:
    name = spec if isinstance(spec, str) else spec.text
    return (
        f"--samples-per-request {wanted}: --model {name} answers a request with one sample, its "
        "API has no word for more (as OpenAI's has `n`). Leave the option out; --concurrency sets "
        "how many requests are in flight at once"
    )


class BrokerGenerator:
    """Replies from the broker of this process; closing it leaves the broker at work."""

    def __init__(self, loop: LoopThread, broker: Broker) -> None:
        self._loop = loop
        self._broker = broker

    @property
    def identity(self) -> ModelIdentity:
        return self._broker.identity

    def reply(self, request: Request) -> Reply:
        if self._loop.stopped:
            raise RequestError("the run ended; nothing can be asked any more")
        return self._loop.run(self._broker.reply(request))

    def close(self) -> None:
        return
