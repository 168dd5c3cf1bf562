"""What an item sees of a model: a synchronous `reply(request)`."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

from pytest_aibench.models.base import LocalModel, Model, ModelIdentity, Reply, Request
from pytest_aibench.models.errors import RequestError
from pytest_aibench.models.retry import Retrier, RetryPolicy
from pytest_aibench.models.spec import ModelSpec, open_model

__all__ = ["DirectGenerator", "Generator", "LocalGenerator", "open_generator"]

T = TypeVar("T")


class Generator(Protocol):
    """Replies for items. Safe to use from any thread; `close` may be called twice."""

    @property
    def identity(self) -> ModelIdentity:
        """Who answers."""
        ...

    def reply(self, request: Request) -> Reply:
        """Wait for the reply to `request`.

        Raises:
            ModelError: there is none; a `RequestError` says with `fatal` that the run should stop.
        """
        ...

    def close(self) -> None:
        """Stop asking and release everything."""
        ...


def open_generator(spec: ModelSpec | str, *, base_url: str | None = None) -> Generator:
    """A generator in this process alone.

    Raises:
        UsageError, DataError: as `open_model`.
        ModelError: the server cannot be reached or lacks the model.
    """
    model = open_model(spec, base_url=base_url)
    if isinstance(model, LocalModel):
        return LocalGenerator(model)
    return DirectGenerator(model)


class LocalGenerator:
    """Asks a local model at once, in the caller's thread."""

    def __init__(self, model: LocalModel) -> None:
        self._model = model

    @property
    def identity(self) -> ModelIdentity:
        return self._model.identity

    def reply(self, request: Request) -> Reply:
        return self._model.answer(request)

    def close(self) -> None:
        self._model.release()


class DirectGenerator:
    """Asks a model from an event loop in a thread of its own, with retries.

    Raises:
        ModelError: on construction, where the model cannot be identified.
    """

    def __init__(self, model: Model, policy: RetryPolicy | None = None) -> None:
        self._model = model
        self._retrier = Retrier(policy)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="aibench-model", daemon=True)
        self._thread.start()
        try:
            self._identity = self._wait_for(self._retrier.call(model.identify))
        except BaseException:
            self.close()
            raise

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    def reply(self, request: Request) -> Reply:
        return self._wait_for(self._retrier.call(lambda: self._model.generate(request)))

    def close(self) -> None:
        if self._loop.is_closed():
            return
        self._wait_for(self._model.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        if self._loop.is_closed():
            work.close()
            raise RequestError("the model was closed; nothing can be asked any more")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
