"""What an item sees of a model: a synchronous `reply(request)`.

Local models (`is_local(spec)`) are opened in every process with `open_generator`. Servers are asked
by the controller's `GenerationService`, which workers reach with
`pytest_aibench.generation.remote.connect`; `open_generator` asks them from one process alone.
"""

from __future__ import annotations

from typing import Protocol

from pytest_aibench.generation.loop import LoopThread
from pytest_aibench.models.base import LocalModel, Model, ModelIdentity, Reply, Request
from pytest_aibench.models.errors import BadRequestError, RequestError
from pytest_aibench.models.retry import Retrier, RetryPolicy
from pytest_aibench.models.scoring import CANNOT_SCORE, ask
from pytest_aibench.models.spec import ModelSpec, open_model

__all__ = ["DirectGenerator", "Generator", "LocalGenerator", "open_generator"]


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
    """A generator in this process alone, without plan and store.

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
        if request.continuation is not None:
            raise BadRequestError(f"the model cannot score texts: {CANNOT_SCORE}")
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
        self._loop = LoopThread("aibench-model")
        try:
            self._identity = self._loop.run(self._retrier.call(model.identify))
        except BaseException:
            self.close()
            raise

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    def reply(self, request: Request) -> Reply:
        if self._loop.stopped:
            raise RequestError("the model was closed; nothing can be asked any more")
        return self._loop.run(self._retrier.call(lambda: ask(self._model, request)))

    def close(self) -> None:
        if not self._loop.stopped:
            self._loop.run(self._model.close())
            self._loop.stop()
