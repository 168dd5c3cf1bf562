from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError
from functools import partial

import pytest

from pytest_aibench.generation.loop import LoopThread


async def _name() -> str:
    return threading.current_thread().name


def test_coroutines_run_in_its_thread() -> None:
    loop = LoopThread("a-name")
    assert loop.run(_name()) == "a-name"
    loop.stop()


def test_errors_come_back() -> None:
    async def fail() -> None:
        raise ValueError("no")

    loop = LoopThread("x")
    with pytest.raises(ValueError, match="no"):
        loop.run(fail())
    loop.stop()


def test_calls_are_made_in_order_and_none_after_the_end() -> None:
    loop = LoopThread("x")
    seen: list[int] = []
    for number in range(5):
        loop.call(partial(seen.append, number))
    loop.run(asyncio.sleep(0))
    loop.stop()
    loop.stop()
    loop.call(lambda: seen.append(99))
    assert seen == [0, 1, 2, 3, 4]
    with pytest.raises(RuntimeError, match="stopped"):
        loop.run(_name())


def test_whatever_still_runs_at_the_end_is_cancelled() -> None:
    loop = LoopThread("x")
    ended: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append("cancelled")

    def wait() -> None:
        with pytest.raises(CancelledError):
            loop.run(endless())
        ended.append("told")

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not loop.run(_busy()):
        pass
    loop.stop()
    waiting.join(5)
    assert ended == ["cancelled", "told"]


async def _busy() -> bool:
    return len(asyncio.all_tasks()) > 1
