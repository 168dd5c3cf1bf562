from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from pytest_aibench.errors import ModelError
from pytest_aibench.generation.prompts import build_request
from pytest_aibench.generation.service import (
    DirectGenerator,
    LocalGenerator,
    open_generator,
)
from pytest_aibench.models.base import Request, Sampling
from pytest_aibench.models.errors import BadRequestError, NoServerError, OverloadedError
from pytest_aibench.models.retry import RetryPolicy
from pytest_aibench.models.spec import open_model
from pytest_aibench.problems.problem import Problem
from tests.servers.ollama import OllamaStandIn
from tests.servers.stand_in import Status

FAST = RetryPolicy(attempts=3, deadline=5.0, base=0.001)
BUSY = Status(503, b'{"error": "server busy"}')


@pytest.fixture
def server() -> Iterator[OllamaStandIn]:
    with OllamaStandIn() as running:
        yield running


def asked(sample: int = 0) -> Request:
    problem = Problem("p/0", "def f():\n", "f", "", canonical_solution="    return 1\n")
    return build_request("b", problem, sample, Sampling())


def test_a_local_model_answers_in_the_callers_thread() -> None:
    before = threading.active_count()
    generator = open_generator("reference")
    assert isinstance(generator, LocalGenerator)
    assert generator.reply(asked()).text == "    return 1\n"
    assert generator.identity.provider == "reference"
    assert threading.active_count() == before
    generator.close()
    generator.close()


def test_a_server_is_asked_from_any_thread(server: OllamaStandIn) -> None:
    generator = open_generator("llama3", base_url=server.url)
    server.gather = 6
    texts: list[str] = []
    threads = [
        threading.Thread(target=lambda i=i: texts.append(generator.reply(asked(i)).text))
        for i in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    generator.close()
    assert texts == [server.text] * 6
    assert server.most == 6
    assert generator.identity.digest == server.digest("llama3:latest")


def test_transient_faults_are_retried(server: OllamaStandIn) -> None:
    generator = DirectGenerator(open_model("llama3", base_url=server.url), FAST)
    server.faults.extend([BUSY, BUSY])
    assert generator.reply(asked()).text == server.text
    server.faults.extend([BUSY, BUSY, BUSY])
    with pytest.raises(OverloadedError, match="server busy"):
        generator.reply(asked())
    server.faults.append(Status(400, b'{"error": "no"}'))
    with pytest.raises(BadRequestError):
        generator.reply(asked())
    generator.close()


def test_a_server_that_is_not_there_is_known_at_once_and_leaves_no_thread() -> None:
    before = threading.active_count()
    with pytest.raises(NoServerError) as caught:
        open_generator("llama3", base_url="http://127.0.0.1:9")
    assert not caught.value.transient  # and so not asked again
    assert threading.active_count() == before


def test_a_closed_generator_says_so(server: OllamaStandIn) -> None:
    generator = open_generator("llama3", base_url=server.url)
    generator.close()
    generator.close()
    with pytest.raises(ModelError, match="closed"):
        generator.reply(asked())
