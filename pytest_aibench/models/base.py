"""What a model is to the rest of the package: one protocol, one request, one reply."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from pytest_aibench.problems.problem import Problem

__all__ = [
    "ChoicesModel",
    "LocalModel",
    "Model",
    "ModelIdentity",
    "Reply",
    "ReplyForm",
    "Request",
    "Sampling",
]


@dataclass(frozen=True, slots=True)
class Sampling:
    """Sampling parameters; None means "not sent", so that the server's own default holds."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    max_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One sample asked of a model.

    `prompt` is the exact text; `chat` says whether it is a user's message (the server applies its
    template) or a text to be continued. `sampling.seed` already differs from sample to sample.
    A conversation of several `messages`, pairs of role and text, takes the place of `system` and
    `prompt`. With `continuation` nothing is generated: its log-probability after `prompt` is asked
    for (see `pytest_aibench.models.scoring`), that of a whole document where `rolling`.
    `together` is how many samples of the problem may be asked for at once.
    """

    benchmark: str
    problem: Problem
    sample: int
    prompt: str
    chat: bool
    sampling: Sampling
    system: str | None = None
    messages: tuple[tuple[str, str], ...] = ()
    continuation: str | None = None
    rolling: bool = False
    together: int = 1

    def chat_messages(self) -> list[dict[str, str]]:
        """The conversation as chat APIs take it."""
        pairs = self.messages or (("system", self.system or ""), ("user", self.prompt))
        return [{"role": role, "content": text} for role, text in pairs if text or role != "system"]


class ReplyForm(StrEnum):
    """What the text of a reply is."""

    COMPLETION = "completion"  # continues the problem's prompt
    SOLUTION = "solution"  # a whole program, to be used as it is
    CHAT = "chat"  # prose with code in it, to be extracted


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model returned, verbatim.

    `finish_reason` is `"stop"`, `"length"`, `"refusal"`, or empty where nobody tells. Tokens are 0
    where nobody counts them.
    """

    text: str
    form: ReplyForm
    finish_reason: str = "stop"
    reasoning: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Who answered: recorded in reports and part of every cache key.

    `settings` are the user's options that can change a reply, `facts` what the server told.
    """

    spec: str  # as the user gave it, without secrets
    provider: str
    name: str
    endpoint: str = ""
    digest: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


class Model(Protocol):
    """A source of replies. Used from one event loop; `generate` may run many times at once."""

    async def identify(self) -> ModelIdentity:
        """Reach the model, or raise a `ModelError` that says what to do."""
        ...

    async def generate(self, request: Request) -> Reply:
        """One reply to one request.

        Raises:
            ModelError: the model could not be asked; `fatal` where asking again cannot help.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...


@runtime_checkable
class ChoicesModel(Protocol):
    """A `Model` that gives several replies to one request, as OpenAI's `n` asks for."""

    async def choices(self, requests: Sequence[Request]) -> list[Reply]:
        """Replies to `requests`, which differ in sample and seed alone; the first one's is sent.

        In their order, at least one, and fewer where the server gave fewer. What the server counts
        for all of them together is spread over them, so that their sum is what it counted.

        Raises:
            ModelError: as `Model.generate`.
        """
        ...


class LocalModel(ABC):
    """A model that answers at once, without a server; it is a `Model` too.

    Every process opens its own and asks it directly: no event loop, no broker, no store.
    """

    @property
    @abstractmethod
    def identity(self) -> ModelIdentity:
        """Who answers."""

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """`Model.generate` without waiting; raises `ModelError` where there is no reply."""

    async def identify(self) -> ModelIdentity:
        return self.identity

    async def generate(self, request: Request) -> Reply:
        return self.answer(request)

    async def close(self) -> None:
        self.release()

    def release(self) -> None:
        """Close what is open; nothing by default."""
        return
