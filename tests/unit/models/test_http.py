from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.models.errors import (
    BadRequestError,
    MalformedReplyError,
    PromptError,
    RequestTimeoutError,
    UnreachableError,
)
from pytest_aibench.models.http import JsonClient, check_url, public_url
from tests.servers.openai import OpenAIStandIn
from tests.servers.stand_in import Reset, Stall, StandIn, Status

BODY = {"model": "m"}
CHAT = "/v1/chat/completions"


@pytest.fixture
def server() -> Iterator[StandIn]:
    with OpenAIStandIn() as running:
        yield running


def post(
    client: JsonClient, times: int = 1, together: int = 1, body: dict[str, Any] = BODY
) -> list[Any]:
    async def all_of_them() -> list[Any]:
        try:
            out: list[Any] = []
            for _ in range(times):
                asked = (client.post(CHAT, body) for _ in range(together))
                out += await asyncio.gather(*asked, return_exceptions=True)
            return out
        finally:
            await client.close()

    return asyncio.run(all_of_them())


def test_silence_is_a_timeout(server: StandIn) -> None:
    server.faults.append(Stall(5.0))
    (error,) = post(JsonClient(server.url, "it", reply_seconds=0.1))
    assert isinstance(error, RequestTimeoutError)
    assert f"it at {server.url} sent nothing for 0.1 s" in str(error)


def test_the_request_after_a_broken_one_gets_a_new_connection(server: StandIn) -> None:
    server.faults.append(Reset())
    error, data = post(JsonClient(server.url, "it"), times=2)
    assert isinstance(error, UnreachableError)
    assert data["choices"]


def test_requests_at_once_have_a_connection_each_and_share_them_later(server: StandIn) -> None:
    server.latency = 0.05
    client = JsonClient(server.url, "it")
    assert len(post(client, times=3, together=8)) == 24
    assert server.most == 8


def test_half_a_character_is_named_and_not_asked_again(server: StandIn) -> None:
    (error,) = post(JsonClient(server.url, "it"), body={**BODY, "prompt": "ein \U0001f600 \udc80"})
    assert isinstance(error, PromptError)
    assert not error.transient
    assert not error.fatal
    assert r"a lone surrogate, '\udc80', behind" in str(error)
    assert "Remove it from the prompt" in str(error)
    assert server.asked == []


def test_a_redirect_names_its_target(server: StandIn) -> None:
    server.faults.append(Status(301, headers={"Location": "https://other/"}))
    (error,) = post(JsonClient(server.url, "it"))
    assert isinstance(error, BadRequestError)
    assert "https://other/" in str(error)


def test_a_page_instead_of_json(server: StandIn) -> None:
    server.faults.append(Status(200, b"<html>"))
    (error,) = post(JsonClient(server.url, "it"))
    assert isinstance(error, MalformedReplyError)


def test_a_server_on_this_machine_is_reached_without_the_proxy(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    for host in ("127.0.0.1", "localhost"):
        (data,) = post(JsonClient(f"http://{host}:{server.port}", "it"))
        assert data["choices"]
    (error,) = post(JsonClient("http://192.0.2.1", "it"))
    assert isinstance(error, UnreachableError)


@pytest.mark.parametrize(
    "url", ["", "host", "ftp://host", "http://", "http://h:99999", "http://[::1"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError, match="--base-url"):
        check_url(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://u:p@h:1/v1?key=k#f", "http://h:1/v1"),
        ("http://h", "http://h"),
        ("u:p@h/v1", "h/v1"),
    ],
)
def test_secrets_in_an_address_are_not_shown(url: str, shown: str) -> None:
    assert public_url(url) == shown
