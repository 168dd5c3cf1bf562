"""Several samples in one request: each under its own index, none asked for twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.generation.accounts import Budget
from pytest_aibench.generation.controller import GenerationService, GenerationSettings
from pytest_aibench.generation.sampling import sampling_of
from pytest_aibench.models.base import Reply, Request, Sampling
from pytest_aibench.models.errors import BadRequestError, BudgetError, RequestError
from pytest_aibench.models.retry import RetryPolicy
from tests.servers.ollama import OllamaStandIn
from tests.servers.openai import OpenAIStandIn
from tests.servers.stand_in import Reset, Status, Truncated
from tests.unit.generation.requests import asked

FAST = RetryPolicy(attempts=3, deadline=5.0, base=0.001)
CHAT = "/v1/chat/completions"
Start = Callable[..., GenerationService]


@pytest.fixture
def server() -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn() as running:
        number = count()
        running.words = lambda *_: f"choice {next(number)}"
        yield running


@pytest.fixture
def start(server: OpenAIStandIn) -> Iterator[Start]:
    services = []

    def started(**settings: Any) -> GenerationService:
        settings = {"policy": FAST, "samples_per_request": 4, **settings}
        service = GenerationService.start(
            "openai/m", GenerationSettings(**settings), base_url=server.url
        )
        services.append(service)
        return service

    yield started
    for service in services:
        service.close()


def samples(n: int, prompt: str = "write f", seed: int | None = None) -> list[Request]:
    base = Sampling(0.8, seed=seed)
    return [asked(i, prompt, sampling=sampling_of(base, i), together=4) for i in range(n)]


def replies(service: GenerationService, requests: list[Request]) -> list[Reply]:
    generator = service.generator()
    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(generator.reply, requests))


def numbers(server: OpenAIStandIn) -> list[int]:
    return [body.get("n", 1) for body in server.posts(CHAT)]


def test_samples_of_a_problem_share_requests_and_their_tokens_count_once(
    start: Start, server: OpenAIStandIn
) -> None:
    service = start(concurrency=1)
    plan = [*samples(6), *samples(6, "write g")]
    service.plan(plan)
    texts = [reply.text for reply in replies(service, plan)]
    assert sorted(texts) == sorted(f"choice {i}" for i in range(12))
    assert numbers(server) == [4, 2, 4, 2]
    usage = service.usage["b"]
    assert (usage.requests, usage.tokens_in, usage.tokens_out) == (4, 4 * 7, 12 * 11)
    assert service.warnings == []


def test_a_later_run_gets_each_sample_its_own_reply(
    start: Start, server: OpenAIStandIn, tmp_path: Path
) -> None:
    texts = []
    for _ in range(2):
        service = start(cache_dir=tmp_path)
        service.plan(samples(8))
        texts.append([reply.text for reply in replies(service, samples(8))])
        service.close()
    assert texts[0] == texts[1]
    assert len(set(texts[0])) == 8
    assert numbers(server) == [4, 4]


def test_what_is_stored_is_left_out(start: Start, server: OpenAIStandIn, tmp_path: Path) -> None:
    first = start(cache_dir=tmp_path)
    (kept,) = replies(first, samples(2)[1:])
    first.close()
    second = start(cache_dir=tmp_path)
    second.plan(samples(4))
    assert replies(second, samples(4))[1].text == kept.text
    assert numbers(server) == [1, 3]
    usage = second.usage["b"]
    assert (usage.requests, usage.cached, usage.tokens_out) == (1, 1, 33)


def test_without_a_seed_runs_share_replies_however_they_asked(
    start: Start, server: OpenAIStandIn, tmp_path: Path
) -> None:
    for seed, wanted in ((None, [4]), (7, [4, 4, 1, 1, 1, 1])):
        together = start(cache_dir=tmp_path)
        together.plan(samples(4, seed=seed))
        replies(together, samples(4, seed=seed))
        together.close()
        alone = start(cache_dir=tmp_path, samples_per_request=1)
        base = Sampling(0.8, seed=seed)
        replies(alone, [asked(i, sampling=sampling_of(base, i)) for i in range(4)])
        alone.close()
        assert numbers(server) == wanted


def test_a_seed_is_that_of_the_first_sample_in_the_request(
    start: Start, server: OpenAIStandIn
) -> None:
    service = start(concurrency=1)
    plan = samples(8, seed=7)
    service.plan(plan)
    replies(service, plan[2:])
    seeds = [body["seed"] for body in server.posts(CHAT)]
    assert set(seeds) == {plan[0].sampling.seed, plan[4].sampling.seed}
    assert len(seeds) == 2


@pytest.mark.parametrize("most", [1, 3])
def test_choices_that_did_not_come_are_asked_for_again(
    start: Start, server: OpenAIStandIn, most: int
) -> None:
    server.most_choices = most
    service = start(concurrency=1)
    service.plan(samples(8))
    texts = {reply.text for reply in replies(service, samples(8))}
    assert texts == {f"choice {i}" for i in range(8)}
    assert numbers(server)[0] == 4
    assert max(numbers(server)[1:]) == most
    assert service.usage["b"].tokens_out == 88
    assert f"gave no more than {most} to a request" in service.warnings[0]


@pytest.mark.parametrize("fault", [Status(503), Reset(), Truncated()])
def test_a_fault_costs_no_sample(start: Start, server: OpenAIStandIn, fault: Any) -> None:
    server.faults.append(fault)
    service = start(concurrency=1)
    service.plan(samples(4))
    assert len({reply.text for reply in replies(service, samples(4))}) == 4
    assert numbers(server) == [4, 4]


def test_a_refusal_is_told_to_every_sample_of_the_request(
    start: Start, server: OpenAIStandIn
) -> None:
    server.faults.append(Status(400, b'{"error": {"message": "unknown field n"}}'))
    service = start()
    service.plan(samples(4))
    for request in samples(4):
        with pytest.raises(BadRequestError, match="leave out --samples-per-request"):
            service.generator().reply(request)
    assert service.usage["b"].failed == 4


def test_a_budget_that_ends_between_choices_leaves_no_item_waiting(
    start: Start, server: OpenAIStandIn
) -> None:
    server.latency, server.most_choices = 0.1, 1
    service = start(concurrency=2, budget=Budget(tokens=1))
    plan = [*samples(4), *samples(4, "write g"), *samples(4, "write h")]
    service.plan(plan)
    generator = service.generator()
    with ThreadPoolExecutor(12) as pool:
        outcomes = [pool.submit(generator.reply, request) for request in plan]
    failed = [error for o in outcomes if (error := o.exception()) is not None]
    assert len(failed) == 10
    assert all(isinstance(error, BudgetError) for error in failed)
    assert numbers(server) == [4, 4]


def test_a_model_that_breaks_its_promise_leaves_no_item_waiting(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = start()

    async def broken(_: object) -> list[Reply]:
        raise KeyError("x")

    monkeypatch.setattr(service._model, "choices", broken)
    service.plan(samples(4))
    with pytest.raises(RequestError, match="KeyError"):
        service.generator().reply(samples(4)[2])


def test_a_server_without_n_is_refused_before_anything_is_asked() -> None:
    with OllamaStandIn() as ollama:
        settings = GenerationSettings(samples_per_request=4)
        with pytest.raises(UsageError, match=r"--samples-per-request 4: --model llama3.*no word"):
            GenerationService.start("llama3", settings, base_url=ollama.url)
        assert ollama.asked == []
