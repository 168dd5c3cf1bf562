"""Keeps requests in flight: one task a slot, whatever the number of workers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pytest_aibench.generation.accounts import Accounts
from pytest_aibench.generation.keys import group_key, model_key, reply_key
from pytest_aibench.generation.store import ReplyStore
from pytest_aibench.generation.work import Work, WorkQueue
from pytest_aibench.models.base import Model, ModelIdentity, Reply, Request
from pytest_aibench.models.errors import BudgetError, FailingServerError, RequestError
from pytest_aibench.models.retry import Retrier
from pytest_aibench.models.scoring import ask_together

__all__ = ["Broker", "Progress"]

MIN_FAILURES_IN_A_ROW = 16


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of the broker, for a progress line.

    `planned` counts samples that are neither stored nor in flight yet, `in_flight` samples whose
    request is under way, and `answered` requests. `paused` is the time in seconds until the next
    request may be sent, and `trouble` the sentence of the latest retry.
    """

    planned: int
    in_flight: int
    answered: int
    cached: int
    failed: int
    retries: int
    paused: float
    trouble: str
    tokens_in: int
    tokens_out: int


class Broker:
    """Sends the plan's requests and those that items wait for; lives in one event loop.

    A fatal error halts everything: `on_halt` is told once, and whoever waits or asks gets the
    error. When the budget is used up, requests in flight still end and are kept.
    """

    def __init__(
        self,
        model: Model,
        identity: ModelIdentity,
        store: ReplyStore,
        *,
        slots: int,
        retrier: Retrier,
        accounts: Accounts,
        on_halt: Callable[[RequestError], None] = lambda _: None,
    ) -> None:
        self.identity = identity
        self.halted: RequestError | None = None
        self._ended: RequestError | None = None
        self._model = model
        self._model_key = model_key(identity)
        self._store = store
        self._retrier = retrier
        self._accounts = accounts
        self._on_halt = on_halt
        self._queue = WorkQueue()
        self._work = asyncio.Event()
        self._in_flight: set[bytes] = set()
        self._fresh: set[bytes] = set()
        self._failed: dict[bytes, RequestError] = {}
        self._failures_in_a_row = 0
        self._most_choices = 0
        self._waiters: dict[bytes, asyncio.Future[Reply]] = {}
        self._slots = [asyncio.create_task(self._slot()) for _ in range(slots)]

    def plan(self, requests: Iterable[Request]) -> None:
        """Ask for these too, in their order, when nothing is more urgent."""
        self._queue.plan(
            Work(reply_key(self._model_key, r), r, group_key(self._model_key, r)) for r in requests
        )
        self._work.set()

    async def reply(self, request: Request) -> Reply:
        """The stored reply, or the model's as soon as it arrives.

        Raises:
            RequestError: the request failed, or the broker was halted.
        """
        key = reply_key(self._model_key, request)
        stored = self._stored(key, request)
        if stored is not None:
            return stored
        error = self._failed.get(key) or self.halted or self._ended
        if error is not None and key not in self._spared():
            raise error
        if key not in self._waiters:
            self._waiters[key] = asyncio.get_running_loop().create_future()
            if key not in self._in_flight:
                self._queue.want(Work(key, request))
                self._work.set()
        return await asyncio.shield(self._waiters[key])

    @property
    def most_choices(self) -> int | None:
        """The most samples that one request asks for, once the server gave fewer than that."""
        return self._queue.most

    def progress(self) -> Progress:
        usage = list(self._accounts.usage.values())
        return Progress(
            planned=len(self._queue),
            in_flight=len(self._in_flight),
            answered=sum(u.requests for u in usage),
            cached=sum(u.cached for u in usage),
            failed=sum(u.failed for u in usage),
            retries=self._retrier.retries,
            paused=self._retrier.pause_left(),
            trouble=self._retrier.last_error,
            tokens_in=sum(u.tokens_in for u in usage),
            tokens_out=sum(u.tokens_out for u in usage),
        )

    async def close(self) -> None:
        """Break off what is in flight; whoever waits gets an error."""
        self._ended = RequestError("the run ended before the model answered")
        for slot in self._slots:
            slot.cancel()
        self._release(self._ended, set(self._waiters))
        await asyncio.gather(*self._slots, return_exceptions=True)
        await self._model.close()

    async def _slot(self) -> None:
        while True:
            works = self._queue.take()
            if not works:
                self._work.clear()
                await self._work.wait()
            elif self.halted is None:
                await self._serve(works)

    async def _serve(self, works: Sequence[Work]) -> None:
        missing = works
        try:
            missing = [work for work in works if not self._answer_from_store(work)]
            if missing:
                await self._answer_from_model(missing)
            else:
                await asyncio.sleep(0)  # a warm plan is long: let others have the loop
        except RequestError as error:
            self._failed_with(error, missing)
        except Exception as error:
            # A slot that dies would let every later item wait for ever.
            self._failed_with(RequestError(f"{type(error).__name__}: {error}"), missing)

    def _answer_from_store(self, work: Work) -> bool:
        """Whether the reply is stored; whoever waits for it gets it."""
        if work.key not in self._store:
            return False
        if work.key in self._waiters:
            self._resolve(work.key, self._stored(work.key, work.request))
        return True

    async def _answer_from_model(self, works: Sequence[Work]) -> None:
        keys = {work.key for work in works}
        requests = [work.request for work in works]
        self._in_flight |= keys
        try:
            self._accounts.check()
            replies = await self._retrier.call(lambda: ask_together(self._model, requests))
        finally:
            self._in_flight -= keys
        self._accounts.usage[requests[0].benchmark].add(replies)
        self._failures_in_a_row = 0
        self._most_choices = max(self._most_choices, len(replies))
        for work, reply in zip(works, replies, strict=False):
            self._fresh.add(work.key)
            self._resolve(work.key, self._store.put(work.key, self._model_key, reply))
        self._ask_again(works[len(replies) :])

    def _ask_again(self, works: Sequence[Work]) -> None:
        """For samples to which a request for several brought no reply: in smaller requests."""
        if not works:
            return
        self._queue.most = self._most_choices
        for work in works:
            self._queue.want(work)
            if self.halted is not None:
                self._resolve(work.key, self.halted)
        self._work.set()

    def _stored(self, key: bytes, request: Request) -> Reply | None:
        reply = self._store.get(key)
        if reply is None or key in self._fresh:
            return reply
        self._accounts.usage[request.benchmark].cached += 1
        return replace(reply, facts={**reply.facts, "cached": True})

    def _resolve(self, key: bytes, outcome: Reply | RequestError | None) -> None:
        """Give whoever waits for `key` the reply or the error."""
        waiter = self._waiters.pop(key, None)
        if waiter is None:
            return
        if isinstance(outcome, Reply):
            if not waiter.done():
                waiter.set_result(outcome)
        else:
            _fail(waiter, outcome or RequestError("the stored reply was damaged; run again"))

    def _failed_with(self, error: RequestError, works: Sequence[Work]) -> None:
        for work in works:
            self._failed[work.key] = error
            self._accounts.usage[work.request.benchmark].failed += 1
        self._failures_in_a_row += error.transient
        if error.fatal:
            self._halt(error)
        elif self._failures_in_a_row >= max(MIN_FAILURES_IN_A_ROW, len(self._slots)):
            count = self._failures_in_a_row
            self._halt(FailingServerError(f"{count} requests in a row failed, the last: {error}"))
        for work in works:
            self._resolve(work.key, error)

    def _halt(self, error: RequestError) -> None:
        if self.halted is not None:
            return
        self.halted = error
        self._release(error, self._waiters.keys() - self._spared())
        if not isinstance(error, BudgetError):
            for slot in self._slots:
                if slot is not asyncio.current_task():
                    slot.cancel()
        self._on_halt(error)

    def _spared(self) -> set[bytes]:
        """Keys whose requests still come to an end, though the broker was halted."""
        halted = self.halted or self._ended
        if halted is None or isinstance(halted, BudgetError):
            return self._in_flight
        return set()

    def _release(self, error: RequestError, keys: set[bytes]) -> None:
        for key in keys:
            _fail(self._waiters.pop(key), error)


def _fail(waiter: asyncio.Future[Reply], error: RequestError) -> None:
    if not waiter.done():
        waiter.set_exception(error)
        waiter.exception()  # retrieved: an item that gave up leaves nobody to do so
