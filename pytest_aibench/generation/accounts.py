"""What the model's replies cost: tokens, seconds, requests; and the limits the user set."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pytest_aibench.models.base import Reply
from pytest_aibench.models.errors import BudgetError

__all__ = ["Accounts", "Budget", "Usage"]


@dataclass(slots=True)
class Usage:
    """`requests` were answered by the model; `cached` replies came from the store, at no cost.

    One request may bring several replies; `failed` counts the samples that got none.

    `seconds` is the sum over requests, not the time that passed.
    """

    requests: int = 0
    cached: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0

    @property
    def tokens_per_second(self) -> float:
        """Tokens out, a second of one request."""
        return self.tokens_out / self.seconds if self.seconds else 0.0

    def add(self, replies: Iterable[Reply]) -> None:
        """Count one request and the replies that it brought."""
        self.requests += 1
        for reply in replies:
            self.tokens_in += reply.tokens_in
            self.tokens_out += reply.tokens_out
            self.seconds += reply.seconds


@dataclass(frozen=True, slots=True)
class Budget:
    """`--max-tokens-total` (in and out together) and `--max-time` in seconds; None is no limit."""

    tokens: int | None = None
    seconds: float | None = None


@dataclass(slots=True)
class Accounts:
    """The usage of each benchmark, held against a budget that counts from `started`."""

    budget: Budget = field(default_factory=Budget)
    started: float = field(default_factory=time.monotonic)
    usage: defaultdict[str, Usage] = field(default_factory=lambda: defaultdict(Usage))

    @property
    def tokens(self) -> int:
        return sum(u.tokens_in + u.tokens_out for u in self.usage.values())

    def check(self) -> None:
        """Raises `BudgetError` where nothing more may be asked."""
        limit = self.budget.tokens
        if limit is not None and self.tokens >= limit:
            raise BudgetError(
                f"--max-tokens-total {limit} is used up ({self.tokens} tokens); the replies so far "
                "are kept, and a run with a larger limit goes on from here"
            )
        seconds = self.budget.seconds
        if seconds is not None and time.monotonic() - self.started >= seconds:
            raise BudgetError(
                f"--max-time {seconds:g} s is used up; the replies so far are kept, and another "
                "run goes on from here"
            )
