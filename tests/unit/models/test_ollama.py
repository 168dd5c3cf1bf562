from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.models.base import ReplyForm, Request, Sampling
from pytest_aibench.models.errors import (
    BadRequestError,
    ContextOverflowError,
    MalformedReplyError,
    ModelNotFoundError,
    NoServerError,
    OverloadedError,
    PromptError,
    UnreachableError,
)
from pytest_aibench.models.ollama import OllamaModel, open_model
from pytest_aibench.models.spec import parse_spec
from tests.servers.ollama import OllamaStandIn
from tests.servers.stand_in import Reset, Status, Truncated
from tests.unit.models.asking import PROBLEM, ask, identify, request


@pytest.fixture
def server() -> Iterator[OllamaStandIn]:
    with OllamaStandIn() as running:
        yield running


def model(server: OllamaStandIn, name: str = "llama3") -> OllamaModel:
    return open_model(parse_spec(name, base_url=server.url))


def test_a_chat_request_holds_what_the_user_set_and_nothing_else(server: OllamaStandIn) -> None:
    reply = ask(model(server), request())
    assert server.posts("/api/chat") == [
        {
            "model": "llama3",
            "stream": False,
            "truncate": False,
            "shift": False,
            "messages": [{"role": "user", "content": "write f"}],
        }
    ]
    assert reply.text == server.text
    assert reply.form is ReplyForm.CHAT
    assert (reply.finish_reason, reply.tokens_in, reply.tokens_out) == ("stop", 1, 20)
    assert reply.seconds > 0


def test_sampling_has_ollamas_names(server: OllamaStandIn) -> None:
    sampling = Sampling(0.0, 0.9, 40, 100, 7, ("\n\n",))
    ask(model(server, "llama3,num_ctx=2048,keep_alive=5m"), request(sampling=sampling, system="S"))
    (body,) = server.posts("/api/chat")
    assert body["options"] == {
        "temperature": 0.0, "top_p": 0.9, "top_k": 40, "num_predict": 100, "seed": 7,
        "stop": ["\n\n"], "num_ctx": 2048,
    }  # fmt: skip
    assert body["keep_alive"] == "5m"
    assert body["messages"][0] == {"role": "system", "content": "S"}


def test_a_completion_is_raw_and_cut_at_the_earliest_stop(server: OllamaStandIn) -> None:
    server.text = "    return 1\n\nclass A:\ndef g"
    reply = ask(model(server), request(chat=False, sampling=Sampling(stop=("\ndef", "\nclass"))))
    (body,) = server.posts("/api/generate")
    assert (body["raw"], body["prompt"]) == (True, "write f")
    assert reply.text == "    return 1\n"
    assert reply.form is ReplyForm.COMPLETION


def test_the_length_limit_is_a_finish_reason(server: OllamaStandIn) -> None:
    assert ask(model(server), request(sampling=Sampling(max_tokens=3))).finish_reason == "length"


def test_the_guard_against_repetition_cuts_a_reply(server: OllamaStandIn) -> None:
    server.done = False
    reply = ask(model(server), request())
    assert reply.finish_reason == "length"
    assert reply.facts == {"aborted_by_server": True}


def test_thinking_is_kept_apart() -> None:
    with OllamaStandIn(thinks=True) as running:
        reply = ask(model(running), request())
        assert (reply.text, reply.reasoning) == (running.text, "let me think")
        assert ask(model(running, "llama3,think=false"), request()).reasoning == ""
        assert running.posts("/api/chat")[1]["think"] is False


def test_identity_has_digest_version_and_endpoint_and_the_model_is_loaded(
    server: OllamaStandIn,
) -> None:
    identity = identify(model(server, "llama3,num_ctx=2048,timeout=30"))
    assert identity.digest == server.digest("llama3:latest")
    assert identity.endpoint == server.url
    assert identity.facts["version"] == "0.12.3"
    assert identity.facts["context_length"] == 8192
    assert identity.settings == {"num_ctx": 2048}
    (load,) = server.posts("/api/generate")
    assert load == {"model": "llama3", "stream": False, "options": {"num_ctx": 2048}}


@pytest.mark.parametrize(
    ("template", "modelfile", "chats"),
    [
        ("<|user|>{{ .Prompt }}", "FROM x\n", True),
        ("{{ .Prompt }}", "FROM x\n", False),
        ("", "", False),
        ("{{ .Prompt }}", "FROM x\nRENDERER qwen3-coder\n", True),
    ],
)
def test_whether_the_model_chats_is_asked_of_the_server(
    server: OllamaStandIn, template: str, modelfile: str, chats: bool
) -> None:
    server.template, server.modelfile = template, modelfile
    assert identify(model(server)).facts["chat_template"] is chats


def test_a_model_that_is_not_pulled(server: OllamaStandIn) -> None:
    with pytest.raises(ModelNotFoundError, match=r"ollama pull absent") as caught:
        identify(model(server, "absent"))
    assert "it has llama3:latest" in str(caught.value)
    assert caught.value.fatal


def test_no_server_is_fatal_and_says_how_to_start_one() -> None:
    with pytest.raises(NoServerError, match=r"ollama serve") as caught:
        identify(open_model(parse_spec("llama3", base_url="http://127.0.0.1:9")))
    assert "127.0.0.1:9" in str(caught.value)


def test_a_prompt_that_is_too_long_is_refused(server: OllamaStandIn) -> None:
    with pytest.raises(ContextOverflowError, match="longer than the context length 1"):
        ask(
            model(server, "llama3,num_ctx=1"),
            Request("b", PROBLEM, 0, "x" * 100, True, Sampling()),
        )


def test_an_empty_prompt_would_only_load_the_model(server: OllamaStandIn) -> None:
    with pytest.raises(PromptError, match="an empty prompt by loading the model only"):
        ask(model(server), Request("b", PROBLEM, 0, "", False, Sampling()))
    assert server.asked == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Status(503, b'{"error": "server busy, please try again."}'), OverloadedError),
        (Status(400, b'{"error": "invalid model name"}'), BadRequestError),
        (Status(200, b'{"done": true}'), MalformedReplyError),
        (Status(200, b"[]"), MalformedReplyError),
        (Truncated(), MalformedReplyError),
        (Reset(), UnreachableError),
    ],
)
def test_faults_have_their_kind(server: OllamaStandIn, fault: Any, kind: type[Exception]) -> None:
    server.faults.append(fault)
    with pytest.raises(kind) as caught:
        ask(model(server), request())
    assert type(caught.value) is kind
    assert server.url in str(caught.value)


@pytest.mark.parametrize(
    "options", ["num_ctx=many", "think=maybe", "mirostat=1", "num_ctx", "timeout=0", "timeout=inf"]
)
def test_bad_options_are_refused(options: str) -> None:
    with pytest.raises(UsageError, match=options.partition("=")[0]):
        open_model(parse_spec(f"llama3,{options}"))


def test_the_key_of_the_hosted_service_is_sent_and_shown_nowhere(
    server: OllamaStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "secret-key")
    asked = model(server)
    identity = identify(asked)
    assert {a.headers["authorization"] for a in server.asked} == {"Bearer secret-key"}
    assert "secret-key" not in f"{identity!r} {vars(asked)!r} {vars(asked._client)!r}"


def test_the_host_comes_from_the_environment(
    server: OllamaStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", f"0.0.0.0:{server.port}")
    assert ask(open_model(parse_spec("llama3")), request()).text == server.text
