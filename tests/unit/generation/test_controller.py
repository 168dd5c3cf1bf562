from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.generation.accounts import Budget
from pytest_aibench.generation.controller import GenerationService, GenerationSettings
from pytest_aibench.generation.remote import RemoteGenerator, connect
from pytest_aibench.generation.service import Generator
from pytest_aibench.models.base import Reply
from pytest_aibench.models.errors import (
    AuthenticationError,
    BudgetError,
    ContextOverflowError,
    FailingServerError,
    ModelNotFoundError,
    NoServerError,
    RequestError,
)
from pytest_aibench.models.retry import RetryPolicy
from tests.servers.ollama import OllamaStandIn
from tests.servers.stand_in import Reset, Stall, Status, Truncated
from tests.unit.generation.requests import asked

FAST = RetryPolicy(attempts=3, deadline=5.0, base=0.001)
BUSY = Status(503, b'{"error": "server busy"}')


@pytest.fixture
def server() -> Iterator[OllamaStandIn]:
    with OllamaStandIn() as running:
        yield running


Start = Callable[..., GenerationService]


@pytest.fixture
def start(server: OllamaStandIn) -> Iterator[Start]:
    services = []

    def started(*, on_halt: Any = lambda _: None, **settings: Any) -> GenerationService:
        settings = {"policy": FAST, **settings}
        service = GenerationService.start(
            "llama3", GenerationSettings(**settings), base_url=server.url, on_halt=on_halt
        )
        services.append(service)
        return service

    yield started
    for service in services:
        service.close()


def wait_until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


def chats(server: OllamaStandIn) -> list[str]:
    return [body["messages"][0]["content"] for body in server.posts("/api/chat")]


PLAN = [asked(i, f"prompt {i}") for i in range(40)]
PROMPTS = [request.prompt for request in PLAN]


@pytest.mark.parametrize("remote", [False, True])
def test_an_item_gets_its_reply_from_any_process(
    start: Start, server: OllamaStandIn, remote: bool
) -> None:
    service = start()
    generator: Generator = connect(service.address) if remote else service.generator()
    assert generator.reply(asked()).text == server.text
    assert generator.identity.digest == server.digest("llama3:latest")
    assert generator.identity == service.identity
    generator.close()
    generator.close()


def test_the_plan_is_asked_in_order_without_anybody_waiting(
    start: Start, server: OllamaStandIn
) -> None:
    service = start(concurrency=1)
    service.plan(PLAN)
    wait_until(lambda: service.progress().answered == 40)
    assert chats(server) == PROMPTS


def test_so_many_requests_are_in_flight_and_no_more(start: Start, server: OllamaStandIn) -> None:
    server.latency = 0.05
    service = start(concurrency=7)
    service.plan(PLAN)
    wait_until(lambda: service.progress().answered == 40)
    assert server.most == 7


def test_what_an_item_waits_for_overtakes_the_plan(start: Start, server: OllamaStandIn) -> None:
    server.latency = 0.02
    service = start(concurrency=1)
    service.plan(PLAN)
    wait_until(lambda: len(chats(server)) > 2)
    service.generator().reply(PLAN[30])
    before = chats(server)
    assert PROMPTS[30] in before
    assert len(before) < 10
    wait_until(lambda: service.progress().answered == 40)
    assert sorted(chats(server)) == sorted(PROMPTS)


def test_many_items_wait_for_one_request(start: Start, server: OllamaStandIn) -> None:
    server.latency = 0.1
    service = start()
    generators = [connect(service.address) for _ in range(4)] + [service.generator()] * 4
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda generator: generator.reply(asked()), generators))
    for generator in generators:
        generator.close()
    assert {reply.text for reply in replies} == {server.text}
    assert len(chats(server)) == 1


def test_a_second_run_asks_nothing(start: Start, server: OllamaStandIn, tmp_path: Path) -> None:
    first = start(cache_dir=tmp_path)
    replies = [first.generator().reply(request) for request in PLAN]
    assert not any("cached" in reply.facts for reply in replies)
    first.close()
    second = start(cache_dir=tmp_path)
    second.plan(PLAN)
    cached = [second.generator().reply(request) for request in PLAN]
    assert len(chats(server)) == 40
    assert [reply.text for reply in cached] == [reply.text for reply in replies]
    assert all(reply.facts["cached"] for reply in cached)
    usage = second.usage["b"]
    assert (usage.requests, usage.cached, usage.tokens_out) == (0, 40, 0)


def test_without_a_folder_nothing_is_kept(start: Start, server: OllamaStandIn) -> None:
    for _ in range(2):
        service = start()
        service.generator().reply(asked())
        service.generator().reply(asked())
        service.close()
    assert len(chats(server)) == 2


def test_a_killed_connection_does_not_stop_the_request(start: Start, server: OllamaStandIn) -> None:
    server.latency = 0.1
    service = start()
    worker = connect(service.address)
    thread = threading.Thread(target=lambda: _ignore(worker, service))
    thread.start()
    wait_until(lambda: len(chats(server)) == 1)
    assert worker._talk is not None
    worker._talk.socket.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    assert worker.reply(asked()).text == server.text
    worker.close()
    assert len(chats(server)) == 1


def _ignore(worker: RemoteGenerator, service: GenerationService) -> None:
    with pytest.raises(RequestError, match="service is gone"):
        worker.reply(asked())


@pytest.mark.parametrize("fault", [BUSY, Reset(), Truncated()])
def test_faults_are_retried_and_counted(start: Start, server: OllamaStandIn, fault: Any) -> None:
    service = start()
    server.faults.extend([fault, fault])
    assert service.generator().reply(asked()).text == server.text
    assert service.progress().retries == 2
    assert service.progress().trouble


def test_a_request_that_fails_fails_alone_and_is_not_asked_again(
    start: Start, server: OllamaStandIn
) -> None:
    service = start()
    server.faults.append(Status(400, b'{"error": "the prompt is longer than the context length"}'))
    for _ in range(2):
        with pytest.raises(ContextOverflowError):
            service.generator().reply(asked())
    assert len(chats(server)) == 1
    assert service.generator().reply(asked(1)).text == server.text
    assert service.halted is None
    assert service.progress().failed == 1


def test_a_fatal_error_stops_everything_at_once(start: Start, server: OllamaStandIn) -> None:
    halts: list[RequestError] = []
    service = start(concurrency=2, on_halt=halts.append)
    server.faults.extend([Stall(60.0), Status(401, b'{"error": "unauthorized"}')])
    service.plan(PLAN)
    remote = connect(service.address)
    for generator in (service.generator(), remote):
        for request in (PLAN[0], PLAN[39]):
            with pytest.raises(AuthenticationError, match="unauthorized"):
                generator.reply(request)
    remote.close()
    wait_until(lambda: server.in_flight == 1)  # the stalled one, for whose end nobody waited
    assert len(halts) == 1
    assert isinstance(service.halted, AuthenticationError)
    assert len(chats(server)) == 2


def test_a_server_that_fails_again_and_again_is_given_up(
    start: Start, server: OllamaStandIn
) -> None:
    service = start(concurrency=4)
    server.faults.extend([BUSY] * 1000)
    service.plan(PLAN)
    wait_until(lambda: service.halted is not None)
    assert isinstance(service.halted, FailingServerError)
    assert "16 requests in a row failed, the last: Ollama at" in str(service.halted)


def test_the_token_budget_stops_cleanly(start: Start, server: OllamaStandIn) -> None:
    service = start(concurrency=1, budget=Budget(tokens=60))
    service.plan(PLAN)
    wait_until(lambda: service.halted is not None)
    assert isinstance(service.halted, BudgetError)
    answered = len(chats(server))
    assert answered == service.progress().answered == 3
    assert service.generator().reply(PLAN[0]).text == server.text
    with pytest.raises(BudgetError):
        service.generator().reply(PLAN[20])


def test_the_time_budget_lets_requests_in_flight_end(start: Start, server: OllamaStandIn) -> None:
    service = start(concurrency=2, budget=Budget(seconds=0.5))
    server.latency = 0.3
    service.plan(PLAN)
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda r: _outcome(service.generator(), r), PLAN[:6]))
    replies = [outcome for outcome in outcomes if isinstance(outcome, Reply)]
    assert 2 <= len(replies) == len(chats(server)) < 6
    assert all(isinstance(o, Reply | BudgetError) for o in outcomes)


def _outcome(generator: Generator, request: Any) -> Reply | RequestError:
    try:
        return generator.reply(request)
    except RequestError as error:
        return error


def test_whoever_waits_at_the_end_is_told(start: Start, server: OllamaStandIn) -> None:
    service = start()
    server.faults.append(Stall(60.0))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(service.generator().reply, asked())
        wait_until(lambda: service.progress().in_flight == 1)
        service.close()
        with pytest.raises(RequestError, match="the run ended"):
            waiting.result(5)
    with pytest.raises(RequestError, match="the run ended"):
        service.generator().reply(asked())


def test_a_model_that_breaks_its_promise_leaves_no_item_waiting(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = start()

    async def broken(_: object) -> Reply:
        raise KeyError("x")

    monkeypatch.setattr(service._model, "generate", broken)
    with pytest.raises(RequestError, match="KeyError"):
        service.generator().reply(asked())


def test_nothing_starts_without_a_server_or_model(server: OllamaStandIn) -> None:
    before = threading.active_count()
    with pytest.raises(NoServerError):
        GenerationService.start("llama3", base_url="http://127.0.0.1:9")
    with pytest.raises(ModelNotFoundError):
        GenerationService.start("absent", base_url=server.url)
    assert threading.active_count() == before


def test_nothing_is_left_after_close(start: Start) -> None:
    before = threading.active_count()
    service = start()
    folder = Path(service.address).parent
    assert folder.stat().st_mode & 0o777 == 0o700
    service.close()
    service.close()
    assert not folder.exists()
    assert threading.active_count() == before


def test_a_door_that_nobody_opens() -> None:
    with pytest.raises(RequestError, match="cannot be reached"):
        connect("/nowhere/replies")


def test_garbage_at_the_door_is_answered(start: Start) -> None:
    worker = connect(start().address)
    for line in (b"{}\n", b"[1]\n", b"garbage\n", b'{"request": {"sampling": 1}}\n'):
        assert "unreadable request" in worker._exchange(line)["error"]["message"]
    assert worker.reply(asked()).text
    worker.close()
