from __future__ import annotations

import asyncio
import time

import pytest

from pytest_aibench.models.errors import (
    BadRequestError,
    OverloadedError,
    RateLimitedError,
    RequestError,
    UnreachableError,
)
from pytest_aibench.models.retry import Retrier, RetryPolicy

FAST = RetryPolicy(attempts=4, deadline=5.0, base=0.001, longest_wait=0.01)


class Flaky:
    """Fails with `errors` in turn, then answers."""

    def __init__(self, *errors: RequestError) -> None:
        self.errors = list(errors)
        self.asked: list[float] = []

    async def __call__(self) -> str:
        self.asked.append(time.monotonic())
        if self.errors:
            raise self.errors.pop(0)
        return "reply"


def test_transient_errors_are_asked_again() -> None:
    flaky, retrier = Flaky(UnreachableError("a"), OverloadedError("b")), Retrier(FAST)
    assert asyncio.run(retrier.call(flaky)) == "reply"
    assert (len(flaky.asked), retrier.retries, retrier.last_error) == (3, 2, "b")


def test_other_errors_are_not() -> None:
    flaky = Flaky(BadRequestError("no"))
    with pytest.raises(BadRequestError):
        asyncio.run(Retrier(FAST).call(flaky))
    assert len(flaky.asked) == 1


def test_attempts_are_bounded_and_the_last_error_is_raised() -> None:
    flaky = Flaky(*(OverloadedError(str(i)) for i in range(9)))
    with pytest.raises(OverloadedError, match="3"):
        asyncio.run(Retrier(FAST).call(flaky))
    assert len(flaky.asked) == 4


def test_what_would_end_after_the_deadline_is_not_waited_for() -> None:
    flaky, retrier = Flaky(RateLimitedError("wait", retry_after=60.0)), Retrier(FAST)
    with pytest.raises(RateLimitedError):
        asyncio.run(retrier.call(flaky))
    assert (len(flaky.asked), retrier.retries, retrier.paused_until) == (1, 0, 0.0)


def test_retry_after_is_honoured_by_every_request() -> None:
    retrier = Retrier(FAST)
    limited, other = Flaky(RateLimitedError("wait", retry_after=0.3)), Flaky()

    async def both() -> None:
        async def later() -> str:
            await asyncio.sleep(0.05)
            return await retrier.call(other)

        await asyncio.gather(retrier.call(limited), later())

    asyncio.run(both())
    resumed = limited.asked[0] + 0.3
    assert limited.asked[1] >= resumed
    assert other.asked[0] >= resumed


def test_a_broken_connection_holds_nobody_else_up() -> None:
    retrier = Retrier(RetryPolicy(base=0.2))
    retrier._back_off(UnreachableError("x"), 9.0)
    assert retrier.paused_until == 0.0


def test_waits_grow_with_jitter_up_to_a_bound() -> None:
    policy, error = RetryPolicy(base=1.0, longest_wait=8.0), UnreachableError("x")
    for attempt, bound in enumerate((1.0, 2.0, 4.0, 8.0, 8.0)):
        waits = {policy.wait(attempt, error) for _ in range(50)}
        assert bound / 2 <= min(waits) <= max(waits) <= bound
        assert len(waits) > 1
