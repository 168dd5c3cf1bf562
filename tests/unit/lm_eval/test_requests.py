from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.errors import UsageError
from pytest_aibench.generation.keys import reply_key
from pytest_aibench.generation.wire import pack, request_from_wire, request_to_wire, unpack
from pytest_aibench.lm_eval.documents import PlannedRequest
from pytest_aibench.lm_eval.requests import answer_of, make_request, sampling_from
from pytest_aibench.models.base import Reply, ReplyForm, Request
from pytest_aibench.models.scoring import scored


def planned(kind: str, *arguments: object, repeat: int = 0, chat: bool = False) -> Request:
    asked = PlannedRequest(kind, 0, arguments)
    return make_request(asked, "t", "t-doc1", repeat, chat=chat, seed=5)


def generated(arguments: dict[str, object], **more: object) -> Request:
    return planned("generate_until", "Q:", arguments, **more)  # type: ignore[arg-type]


def test_generation_is_greedy_and_short_unless_the_task_says_more() -> None:
    request = generated({"until": ["\n"], "do_sample": True})
    assert (request.sampling.temperature, request.sampling.max_tokens) == (0.0, 256)
    request = generated({"until": "\n", "temperature": 0.7, "max_gen_toks": 9, "top_p": 0.5})
    assert (request.sampling.temperature, request.sampling.max_tokens) == (0.7, 9)
    assert (request.sampling.top_p, request.sampling.stop) == (0.5, ("\n",))


@pytest.mark.parametrize("name", ["max_tokens", "max_new_tokens", "max_gen_toks"])
def test_every_name_of_the_length_is_understood(name: str) -> None:
    assert sampling_from({name: 3}, "t", None).max_tokens == 3


def test_what_no_server_can_be_told_is_refused_with_the_tasks_name() -> None:
    assert sampling_from({"num_beams": 1}, "t", None).stop == ()
    with pytest.raises(UsageError, match="--lm-eval-tasks t: the task sets num_beams=4"):
        sampling_from({"num_beams": 4}, "t", None)


def test_repeats_are_samples_of_their_own() -> None:
    requests = [generated({}, repeat=i) for i in range(3)]
    assert len({r.sampling.seed for r in requests}) == 3
    assert len({reply_key("m", r) for r in requests}) == 3


def test_a_conversation_is_read_from_the_context() -> None:
    messages = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    request = planned("generate_until", json.dumps(messages), {}, chat=True)
    assert request.chat_messages() == messages
    for other in ("plain", json.dumps(messages) + " Answer:", "[1]"):
        with pytest.raises(UsageError, match="outside the chat template"):
            planned("generate_until", other, {}, chat=True)


@given(st.text(), st.text(), st.booleans())
def test_every_request_travels_to_the_broker(one: str, other: str, rolling: bool) -> None:
    kind = "loglikelihood_rolling" if rolling else "loglikelihood"
    score = planned(kind, *((one,) if rolling else (one, other)))
    context = json.dumps([{"role": "user", "content": one}])
    chat = planned("generate_until", context, {"until": [other]}, chat=True)
    for request in (score, chat):
        assert request_from_wire(unpack(pack(request_to_wire(request)))) == request


def test_scores_of_equal_texts_differ_by_their_kind() -> None:
    kinds = [
        planned("loglikelihood", "", "a b"),
        planned("loglikelihood", "a", " b"),
        planned("loglikelihood_rolling", "a b"),
    ]
    assert len({reply_key("m", r) for r in kinds}) == 3
    assert {r.sampling.seed for r in kinds} == {None}


@given(st.text(), st.lists(st.text(min_size=1), max_size=3))
def test_an_answer_ends_at_the_earliest_stop(text: str, stops: list[str]) -> None:
    request = generated({"until": stops})
    answer = answer_of(request, Reply(text, ReplyForm.CHAT))
    assert isinstance(answer, str)
    assert text.startswith(answer)
    assert not any(stop in answer for stop in stops)


@pytest.mark.parametrize("value", [-1.25, float("-inf"), 0.0])
def test_scores_come_back_as_lm_eval_takes_them(value: float) -> None:
    reply = scored(value, True)
    assert answer_of(planned("loglikelihood", "a", "b"), reply) == (value, True)
    assert answer_of(planned("loglikelihood_rolling", "a"), reply) == value
