"""Every way in which asking a model fails.

ModelError (pytest_aibench.errors)
└── RequestError
    ├── AuthenticationError   401, 403                        fatal
    ├── ModelNotFoundError    the server has no such model    fatal
    ├── BadRequestError       the server refuses the request  fatal
    ├── QuotaError            no money left                   fatal
    ├── NoServerError         nothing answers at the address  fatal
    ├── ContextOverflowError  this prompt is too long         this sample only
    ├── PromptError           this prompt cannot be asked     this sample only
    ├── NoReplyError          a replay or reference lacks it  this sample only
    ├── RateLimitedError      429                             transient
    ├── OverloadedError       408, 5xx                        transient
    ├── RequestTimeoutError   no answer in time               transient
    ├── UnreachableError      no connection, or it broke      transient
    ├── MalformedReplyError   an answer that makes no sense   transient
    ├── FailingServerError    many requests in a row failed   fatal
    ├── BudgetError           --max-tokens-total, --max-time  fatal
    └── StoreError            replies cannot be kept on disk  fatal

`fatal`: every other request would fail alike, so the run stops at once.
`transient`: asking again may help; see `pytest_aibench.models.retry`.
A refusal by the model (content filter) is a reply, not an error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from pytest_aibench.errors import ModelError

__all__ = [
    "AuthenticationError",
    "BadRequestError",
    "BudgetError",
    "ContextOverflowError",
    "FailingServerError",
    "MalformedReplyError",
    "ModelNotFoundError",
    "NoReplyError",
    "NoServerError",
    "OverloadedError",
    "PromptError",
    "QuotaError",
    "RateLimitedError",
    "RequestError",
    "RequestTimeoutError",
    "StoreError",
    "UnreachableError",
    "classify",
    "error_from_wire",
    "error_to_wire",
    "parse_retry_after",
    "server_message",
]


class RequestError(ModelError):
    """A model could not be asked.

    `retry_after` is the server's own wish, in seconds; `status` that of its HTTP answer, 0 where
    there was none.
    """

    fatal: ClassVar[bool] = False
    transient: ClassVar[bool] = False

    def __init__(self, message: str, *, retry_after: float | None = None, status: int = 0) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.status = status


class AuthenticationError(RequestError):
    """The key is absent, wrong or not allowed to use this model."""

    fatal = True


class ModelNotFoundError(RequestError):
    """The server does not have the model, or the address is no model server's."""

    fatal = True


class BadRequestError(RequestError):
    """The server understands the request and refuses it."""

    fatal = True


class QuotaError(RequestError):
    """The account has no money or no quota left; waiting does not help."""

    fatal = True


class NoServerError(RequestError):
    """At the first contact nothing answered at the server's address."""

    fatal = True


class FailingServerError(RequestError):
    """The server failed so often in a row that waiting out every retry would waste hours."""

    fatal = True


class BudgetError(RequestError):
    """The run's own limit of tokens or time is reached."""

    fatal = True


class StoreError(RequestError):
    """Replies cannot be written to the store, so that they would have to be asked for again."""

    fatal = True


class ContextOverflowError(RequestError):
    """The prompt and the tokens asked for do not fit the model's context."""


class PromptError(RequestError):
    """The prompt is empty or no text, so that this server cannot be asked to answer it."""


class NoReplyError(RequestError):
    """A recorded or computed model has no reply to this request."""


class RateLimitedError(RequestError):
    """Too many requests; the server wants us to wait."""

    transient = True


class OverloadedError(RequestError):
    """The server is busy, restarting or failed on its own side."""

    transient = True


class RequestTimeoutError(RequestError):
    """No answer in time."""

    transient = True


class UnreachableError(RequestError):
    """There is no connection to the server, or it broke."""

    transient = True


class MalformedReplyError(RequestError):
    """The server's answer is not what its API promises."""

    transient = True


_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "quota_exceeded"})
_CONTEXT_CODES = frozenset({"context_length_exceeded", "exceed_context_size_error"})
_CONTEXT_PHRASES = (
    "context length",
    "context size",
    "context window",
    "maximum context",
    "prompt is too long",
    "prompt is longer than",
)
# Refusals of a request under status 500: llama-cpp-python's of its body, Ollama's of an option.
_INVALID_PHRASES = ("'loc': ('body'", "must be of type")


def classify(status: int, headers: Mapping[str, str], body: bytes) -> RequestError:
    """The error that an HTTP answer of status >= 400 stands for.

    `headers` is looked up with lower-case names. The server's own sentence is in the message.
    """
    message, codes = server_message(body)
    said = f"HTTP {status}" + (f": {message}" if message else "")
    kind = _kind(status, message.lower(), codes)
    retry_after = parse_retry_after(headers.get("retry-after"))
    return kind(said, retry_after=retry_after, status=status)


def server_message(body: bytes) -> tuple[str, frozenset[str]]:
    """The sentence in an error body, at most 500 characters, and its error codes.

    Servers say `{"error": "text"}`, `{"error": {"message", "type", "code"}}`, `{"detail": "text"}`,
    `{"message": "text"}`, or plain text.
    """
    text = body[:65536].decode("utf-8", "replace").strip()
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return _one_line(text), frozenset()
    if not isinstance(data, dict):
        return _one_line(text), frozenset()
    error = data.get("error", data)
    if isinstance(error, dict):
        found = error.get("message") or error.get("detail") or ""
        codes = {str(error[name]) for name in ("code", "type") if error.get(name)}
        return _one_line(found if isinstance(found, str) else json.dumps(found)), frozenset(codes)
    return _one_line(str(error)), frozenset()


def parse_retry_after(value: str | None, *, now: float | None = None) -> float | None:
    """Seconds to wait from a `Retry-After` header: a number or an HTTP date (RFC 9110, 10.2.3).

    `now` is a Unix time. None where the header is absent or unreadable.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        return _seconds_until(value, now)
    return max(0.0, seconds) if seconds < float("inf") else None


def error_to_wire(error: ModelError) -> dict[str, Any]:
    """`error` as JSON, for another process."""
    return {
        "kind": type(error).__name__,
        "message": str(error),
        "retry_after": getattr(error, "retry_after", None),
    }


def error_from_wire(data: Mapping[str, Any]) -> ModelError:
    """The inverse of `error_to_wire`; a kind that is not known here becomes a `RequestError`."""
    kind = _BY_NAME.get(data["kind"], RequestError)
    return kind(data["message"], retry_after=data.get("retry_after"))


def _kind(status: int, message: str, codes: frozenset[str]) -> type[RequestError]:
    if codes & _QUOTA_CODES or status == 402:
        return QuotaError
    if status == 429:
        return RateLimitedError
    if codes & _CONTEXT_CODES or (
        status in (400, 413, 422, 500) and any(phrase in message for phrase in _CONTEXT_PHRASES)
    ):
        return ContextOverflowError
    if status in (401, 403):
        return AuthenticationError
    if status == 404:
        return ModelNotFoundError
    if status == 500 and any(phrase in message for phrase in _INVALID_PHRASES):
        return BadRequestError
    if status == 408 or status >= 500:
        return OverloadedError
    return BadRequestError


def _seconds_until(date: str, now: float | None) -> float | None:
    import time
    from email.utils import parsedate_to_datetime

    try:
        then = parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, then - (time.time() if now is None else now))


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 500 else line[:499] + "…"


_BY_NAME = {kind.__name__: kind for kind in RequestError.__subclasses__()}
