"""One request to a model, in an event loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from pytest_aibench.models.base import Model, ModelIdentity, Reply, Request, Sampling
from pytest_aibench.problems.problem import Problem

PROBLEM = Problem("p/0", "def f():\n", "f", "")

T = TypeVar("T")


def request(chat: bool = True, sampling: Sampling | None = None, **more: Any) -> Request:
    return Request("b", PROBLEM, 0, "write f", chat, sampling or Sampling(), **more)


def ask(asked: Model, what: Request) -> Reply:
    return run(asked, asked.generate(what))


def identify(asked: Model) -> ModelIdentity:
    return run(asked, asked.identify())


def run(asked: Model, answer: Awaitable[T]) -> T:
    """What `answer` comes to; the model is closed after it."""

    async def once() -> T:
        try:
            return await answer
        finally:
            await asked.close()

    return asyncio.run(once())
