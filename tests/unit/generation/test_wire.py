from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.generation.wire import (
    identity_from_wire,
    pack,
    reply_from_wire,
    reply_to_wire,
    request_from_wire,
    request_to_wire,
    unpack,
)
from pytest_aibench.models.base import ModelIdentity, Reply, ReplyForm, Sampling
from tests.unit.generation.requests import PROBLEM, asked

TEXT = st.text(st.characters() | st.sampled_from("\n\r\x00\u2028\ud800"))


@given(TEXT, TEXT, st.sampled_from(ReplyForm), st.floats(0, 1e9))
def test_any_reply_travels_in_one_line(
    text: str, reasoning: str, form: ReplyForm, seconds: float
) -> None:
    reply = Reply(text, form, "length", reasoning, 3, 4, seconds, {"a": [1]})
    line = pack(reply_to_wire(reply))
    assert b"\n" not in line
    assert reply_from_wire(unpack(line)) == reply


@given(TEXT, TEXT)
def test_any_request_travels_without_tests_and_solutions(prompt: str, system: str) -> None:
    sampling = Sampling(0.1, 0.9, 4, 5, 6, ("a", "b"))
    request = asked(3, prompt, system=system, sampling=sampling)
    bare = replace(PROBLEM, test="", canonical_solution=None)
    line = pack(request_to_wire(request))
    assert request_from_wire(unpack(line)) == replace(request, problem=bare)


def test_an_identity_travels() -> None:
    identity = ModelIdentity("s", "p", "n", "e", "d", {"num_ctx": 1}, {"version": "2"})
    assert identity_from_wire(unpack(pack(asdict(identity)))) == identity


def test_fields_of_a_newer_version_are_left_out() -> None:
    data = reply_to_wire(Reply("x", ReplyForm.CHAT)) | {"newer": 1}
    assert reply_from_wire(json.loads(json.dumps(data))).text == "x"


@pytest.mark.parametrize("line", [b"", b"[]", b"{", b"\xff"])
def test_what_is_no_line(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own words
        unpack(line)
