from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_aibench.errors import UsageError
from pytest_aibench.models.base import Reply, ReplyForm, Request, Sampling
from pytest_aibench.models.errors import (
    AuthenticationError,
    BadRequestError,
    ContextOverflowError,
    MalformedReplyError,
    ModelNotFoundError,
    NoServerError,
    OverloadedError,
    PromptError,
    QuotaError,
    RateLimitedError,
)
from pytest_aibench.models.openai import OpenAIModel, open_model, openai_url
from pytest_aibench.models.spec import parse_spec
from tests.servers.openai import OpenAIStandIn
from tests.servers.stand_in import Status
from tests.unit.models.asking import ask, identify, request, run

CHAT = "/v1/chat/completions"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIStandIn]:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with OpenAIStandIn() as running:
        yield running


def model(server: OpenAIStandIn, name: str = "m") -> OpenAIModel:
    return open_model(parse_spec(f"openai/{name}", base_url=server.url))


def test_a_chat_request_holds_what_the_user_set_and_nothing_else(server: OpenAIStandIn) -> None:
    reply = ask(model(server), request())
    assert server.posts(CHAT) == [
        {"model": "m", "messages": [{"role": "user", "content": "write f"}]}
    ]
    assert (reply.text, reply.form) == (server.text, ReplyForm.CHAT)
    assert (reply.tokens_in, reply.tokens_out, reply.finish_reason) == (7, 11, "stop")


# As llama-cpp-python answers it.
EMPTY = Status(500, b'{"error": {"message": "", "type": "internal_server_error"}}')


@pytest.mark.parametrize(
    ("chat", "prompt", "fault", "kind"),
    [
        (False, "", EMPTY, PromptError),
        (False, "", Status(503), OverloadedError),
        (False, "x", EMPTY, OverloadedError),
        (True, "", EMPTY, OverloadedError),
    ],
)
def test_an_empty_prompt_that_is_refused_is_not_sent_again(
    server: OpenAIStandIn, chat: bool, prompt: str, fault: Status, kind: type[Exception]
) -> None:
    server.faults.append(fault)
    with pytest.raises(kind) as caught:
        ask(model(server), replace(request(chat), prompt=prompt))
    assert ("prompt is empty" in str(caught.value)) == (kind is PromptError)
    assert f"HTTP {fault.code}" in str(caught.value)


def test_an_empty_prompt_may_be_answered(server: OpenAIStandIn) -> None:
    assert ask(model(server), replace(request(chat=False), prompt="")).text == server.text


def test_sampling_has_openais_names(server: OpenAIStandIn) -> None:
    stops = ("a", "b", "c", "d", "e")
    ask(model(server), request(sampling=Sampling(0.2, 0.9, 40, 100, 7, stops), system="S"))
    (body,) = server.posts(CHAT)
    assert body == {
        "model": "m", "temperature": 0.2, "top_p": 0.9, "top_k": 40, "max_tokens": 100, "seed": 7,
        "stop": ["a", "b", "c", "d"],
        "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "write f"}],
    }  # fmt: skip


def ask_together(asked: OpenAIModel, *what: Request) -> list[Reply]:
    return run(asked, asked.choices(what))


@pytest.mark.parametrize("chat", [True, False])
def test_several_samples_are_one_request_whose_tokens_count_once(
    server: OpenAIStandIn, chat: bool
) -> None:
    server.words = lambda _, index: "abc"[index]
    several = [replace(request(chat, Sampling(seed=i)), sample=i) for i in range(3)]
    replies = ask_together(model(server), *several)
    (body,) = server.posts(CHAT if chat else "/v1/completions")
    assert (body["n"], body["seed"]) == (3, 0)
    assert [reply.text for reply in replies] == ["a", "b", "c"]
    assert [reply.tokens_in for reply in replies] == [3, 2, 2]
    assert [reply.tokens_out for reply in replies] == [11, 11, 11]
    assert [(r.facts["choice"], r.facts["choices"]) for r in replies] == [(0, 3), (1, 3), (2, 3)]


@pytest.mark.parametrize(("given", "kept"), [(2, 2), (1, 1)])
def test_fewer_choices_than_asked_for_are_what_there_is(
    server: OpenAIStandIn, given: int, kept: int
) -> None:
    server.most_choices = given
    replies = ask_together(model(server), request(), request(), request())
    assert len(replies) == kept
    assert sum(reply.tokens_in for reply in replies) == 7


def test_more_choices_than_asked_for_are_left(server: OpenAIStandIn) -> None:
    server.faults.append(Status(200, b'{"choices": [{"text": "a"}, {"text": "b"}]}'))
    assert ask(model(server), request(chat=False)).text == "a"


def test_a_server_that_refuses_n_is_told_how_to_be_asked(server: OpenAIStandIn) -> None:
    body = b'{"error": {"message": "n must be 1 when using greedy sampling"}}'
    server.faults.append(Status(400, body))
    with pytest.raises(BadRequestError, match=r"n must be 1.*leave out --samples-per-request"):
        ask_together(model(server), request(), request())


def test_a_completion_is_cut_at_stops_that_the_server_did_not_get(server: OpenAIStandIn) -> None:
    server.text = "    return 1\nprint(f())"
    stops = ("\n1", "\n2", "\n3", "\n4", "\nprint")
    reply = ask(model(server), request(chat=False, sampling=Sampling(stop=stops)))
    assert server.posts("/v1/completions")[0]["prompt"] == "write f"
    assert (reply.text, reply.form) == ("    return 1", ReplyForm.COMPLETION)


def test_the_newer_name_of_the_token_limit_is_learnt_once(server: OpenAIStandIn) -> None:
    server.only_completion_tokens = True
    asked = model(server)

    async def twice() -> Reply:
        await asked.generate(request(sampling=Sampling(max_tokens=5)))
        reply = await asked.generate(request(sampling=Sampling(max_tokens=5)))
        await asked.close()
        return reply

    reply = asyncio.run(twice())
    assert [b.get("max_completion_tokens") for b in server.posts(CHAT)] == [None, 5, 5]
    assert reply.facts["token_limit_sent_as"] == "max_completion_tokens"


def test_reasoning_and_refusals_are_results(server: OpenAIStandIn) -> None:
    server.message = {"content": None, "reasoning_content": "hm"}
    assert ask(model(server), request()).reasoning == "hm"
    server.message = {"content": None, "refusal": "I will not"}
    reply = ask(model(server), request())
    assert (reply.finish_reason, reply.text) == ("refusal", "I will not")
    server.message, server.choice = {}, {"finish_reason": "content_filter"}
    assert ask(model(server), request()).finish_reason == "refusal"
    server.choice = {"finish_reason": "length"}
    assert ask(model(server), request()).finish_reason == "length"


def test_a_text_in_parts_is_joined(server: OpenAIStandIn) -> None:
    server.message = {"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}
    assert ask(model(server), request()).text == "ab"


def test_the_key_is_sent_and_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret\n")
    with OpenAIStandIn(key="sk-secret") as running:
        asked = model(running)
        identity = identify(asked)
        assert identity.facts == {"listed": True}
        assert identity.endpoint == f"{running.url}/v1"
        assert "sk-secret" not in f"{asked!r} {vars(asked)!r} {vars(asked._client)!r} {identity!r}"


def test_a_wrong_key_is_fatal_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong")
    refused = pytest.raises(AuthenticationError, match="Check OPENAI_API_KEY")
    with OpenAIStandIn(key="sk-right") as running, refused as caught:
        identify(model(running))
    assert "sk-wrong" not in str(caught.value)
    assert caught.value.fatal


def test_openais_own_server_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(UsageError, match="set OPENAI_API_KEY"):
        open_model(parse_spec("openai/gpt-4o"))


@pytest.mark.parametrize("options", ["timeout=soon", "top_k=1"])
def test_bad_options_are_refused(options: str) -> None:
    with pytest.raises(UsageError, match=options.partition("=")[0]):
        open_model(parse_spec(f"openai/m,{options}", base_url="http://localhost"))


def test_no_server_says_which_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(NoServerError, match=r"127\.0\.0\.1:9.*OPENAI_BASE_URL"):
        identify(open_model(parse_spec("openai/m", base_url="http://127.0.0.1:9")))


def test_an_unknown_model_says_what_to_check(server: OpenAIStandIn) -> None:
    with pytest.raises(ModelNotFoundError, match=r"`x` does not exist.*Check the name 'x'"):
        ask(model(server, "x"), request())


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (429, {"message": "slow down", "code": "rate_limit_exceeded"}, RateLimitedError),
        (429, {"message": "no money", "code": "insufficient_quota"}, QuotaError),
        (400, {"message": "too long", "code": "context_length_exceeded"}, ContextOverflowError),
        (422, {"message": "bad seed"}, BadRequestError),
    ],
)
def test_error_bodies_have_their_kind(
    server: OpenAIStandIn, status: int, error: dict[str, str], kind: type[Exception]
) -> None:
    body = json.dumps({"error": error}).encode()
    server.faults.append(Status(status, body, {"Retry-After": "7"}))
    with pytest.raises(kind, match=error["message"]) as caught:
        ask(model(server), request())
    assert type(caught.value) is kind
    assert getattr(caught.value, "retry_after", None) == 7.0


def test_a_failure_under_status_200_is_no_reply(server: OpenAIStandIn) -> None:
    server.faults.append(Status(200, b'{"error": {"message": "upstream died"}}'))
    with pytest.raises(MalformedReplyError, match="upstream died"):
        ask(model(server), request())


@pytest.mark.parametrize(
    ("given_url", "url"),
    [
        (None, "https://api.openai.com/v1"),
        ("http://localhost:8000", "http://localhost:8000/v1"),
        ("http://localhost:8000/", "http://localhost:8000/v1"),
        ("localhost:8000", "http://localhost:8000/v1"),
        ("https://openrouter.ai/api/v1/", "https://openrouter.ai/api/v1"),
    ],
)
def test_the_address(given_url: str | None, url: str) -> None:
    assert openai_url(given_url) == url


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "message", "content", "usage", "text", "finish_reason"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["choices", "usage", "error"]), JSON), st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_json_is_a_reply_or_malformed(data: dict[str, Any], chat: bool) -> None:
    asked = open_model(parse_spec("openai/m", base_url="http://localhost"))
    try:
        (reply,) = asked._replies(data, [request(chat=chat)], 0.0)
    except MalformedReplyError:
        return
    assert isinstance(reply.text, str)
    assert isinstance(reply.reasoning, str)
    assert reply.tokens_in >= 0
