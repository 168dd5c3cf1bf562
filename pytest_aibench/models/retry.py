"""Asking again, where that can help: a bounded number of times, within a deadline, all together."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from pytest_aibench.models.errors import OverloadedError, RateLimitedError, RequestError

__all__ = ["Retrier", "RetryPolicy"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Times in seconds.

    Attempt i waits between half of and all of `base * 2**i`, at most `longest_wait`; a server's
    `Retry-After` is waited for in full. What would end after `deadline` is not waited for. Ten
    attempts outlast a server that restarts, about 100 s.
    """

    attempts: int = 10
    deadline: float = 600.0
    base: float = 0.5
    longest_wait: float = 30.0

    def wait(self, attempt: int, error: RequestError) -> float:
        """Seconds to wait after attempt `attempt` (from 0) failed with `error`."""
        grown = min(self.longest_wait, self.base * 2.0 ** min(attempt, 30))
        wait: float = grown * random.uniform(0.5, 1.0)
        return max(wait, error.retry_after or 0.0)


class Retrier:
    """Retries for all requests of a run; when the server asks for time, all of them wait.

    `retries` counts the attempts that were repeated, `paused_until` is a `time.monotonic()` before
    which no request is sent, `last_error` the sentence of the latest failure.
    """

    def __init__(self, policy: RetryPolicy | None = None) -> None:
        self.policy = policy or RetryPolicy()
        self.retries = 0
        self.paused_until = 0.0
        self.last_error = ""

    async def call(self, ask: Callable[[], Awaitable[T]]) -> T:
        """The first result of `ask()` that is no transient error.

        Raises:
            RequestError: the last one, where attempts or time are used up, or it is not transient.
        """
        end = time.monotonic() + self.policy.deadline
        attempt = 0
        while True:
            await self._pause()
            try:
                return await ask()
            except RequestError as error:
                wait = self.policy.wait(attempt, error)
                attempt += 1
                if not error.transient or self._exhausted(attempt, wait, end):
                    raise
                self._back_off(error, wait)
                await asyncio.sleep(wait)

    def pause_left(self) -> float:
        """Seconds until the next request may be sent; 0 where nobody has to wait."""
        return max(0.0, self.paused_until - time.monotonic())

    def _exhausted(self, attempts: int, wait: float, end: float) -> bool:
        return attempts >= self.policy.attempts or time.monotonic() + wait > end

    def _back_off(self, error: RequestError, wait: float) -> None:
        self.retries += 1
        self.last_error = str(error)
        # A busy server is busy for every request; a broken connection says nothing of the others.
        if isinstance(error, RateLimitedError | OverloadedError) and error.retry_after:
            self.paused_until = max(self.paused_until, time.monotonic() + wait)

    async def _pause(self) -> None:
        while (left := self.pause_left()) > 0:
            # Spread the return: a server that just recovered should not get all requests at once.
            await asyncio.sleep(left + random.uniform(0.0, min(1.0, left)))
