from __future__ import annotations

import time
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.errors import ModelError
from pytest_aibench.models import errors
from pytest_aibench.models.errors import (
    RequestError,
    classify,
    error_from_wire,
    error_to_wire,
    parse_retry_after,
)

KINDS = RequestError.__subclasses__()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, b'{"error": "invalid model name"}', errors.BadRequestError),
        (401, b'{"detail": "Invalid API key"}', errors.AuthenticationError),
        (402, b"", errors.QuotaError),
        (403, b"forbidden", errors.AuthenticationError),
        (404, b"{\"error\": \"model 'x' not found\"}", errors.ModelNotFoundError),
        (408, b"", errors.OverloadedError),
        (413, b"too large", errors.BadRequestError),
        (422, b'{"detail": [{"msg": "bad"}]}', errors.BadRequestError),
        (429, b'{"error": {"message": "wait", "type": "requests"}}', errors.RateLimitedError),
        (429, b'{"error": {"message": "m", "code": "insufficient_quota"}}', errors.QuotaError),
        (500, b"oops", errors.OverloadedError),
        (500, b'{"error": {"message": "1 validation error:\\n {\'loc\': (\'body\', \'top_p\')"}}',
         errors.BadRequestError),
        (500, b'{"error": "option \\"top_k\\" must be of type integer"}', errors.BadRequestError),
        (503, b'{"error": "server busy, please try again."}', errors.OverloadedError),
        (529, b"", errors.OverloadedError),
        (400, b'{"error": "the prompt is longer than the context length 5"}',
         errors.ContextOverflowError),
        (400, b'{"error": {"message": "x", "code": "context_length_exceeded"}}',
         errors.ContextOverflowError),
    ],
)  # fmt: skip
def test_kinds(status: int, body: bytes, kind: type[RequestError]) -> None:
    error = classify(status, {}, body)
    assert type(error) is kind
    assert str(error).startswith(f"HTTP {status}")


def test_only_what_can_heal_is_transient_and_nothing_is_both() -> None:
    transient = {kind.__name__ for kind in KINDS if kind.transient}
    assert transient == {
        "RateLimitedError", "OverloadedError", "RequestTimeoutError", "UnreachableError",
        "MalformedReplyError",
    }  # fmt: skip
    assert not [kind for kind in KINDS if kind.transient and kind.fatal]


@given(st.integers(400, 599), st.binary(max_size=300))
def test_any_answer_is_classified_in_one_line(status: int, body: bytes) -> None:
    error = classify(status, {}, body)
    assert "\n" not in str(error)
    assert len(str(error)) < 600
    if 400 <= status < 500 and status not in (408, 429):
        assert not error.transient


def test_deeply_nested_bodies_are_read_as_text() -> None:
    assert type(classify(400, {}, b"[" * 60_000)) is errors.BadRequestError


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("inf", None),
        ("nan", None),
        ("soon", None),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 60.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, now=40.0) == seconds


def test_retry_after_counts_from_now() -> None:
    seconds = parse_retry_after(formatdate(time.time() + 90, usegmt=True))
    assert seconds is not None
    assert 85 < seconds <= 90


def test_the_header_is_kept() -> None:
    assert classify(429, {"retry-after": "3"}, b"").retry_after == 3.0


@pytest.mark.parametrize("kind", KINDS)
def test_errors_travel_between_processes(kind: type[RequestError]) -> None:
    copy = error_from_wire(error_to_wire(kind("what", retry_after=2.0)))
    assert isinstance(copy, kind)
    assert (str(copy), copy.retry_after) == ("what", 2.0)


def test_an_error_that_is_unknown_here_stays_an_error() -> None:
    copy = error_from_wire({"kind": "Newer", "message": "m"})
    assert isinstance(copy, ModelError)
