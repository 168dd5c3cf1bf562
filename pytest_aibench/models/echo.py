"""Scores from /v1/completions with `echo`: the server repeats a text with its log-probabilities.

Many servers accept `echo` and give wrong numbers, shifted by a token or those of another text;
`EchoScorer.fault` compares them with what the server says of a token while writing it.
"""

from __future__ import annotations

import math
import time
from itertools import groupby
from typing import Any, NamedTuple

from pytest_aibench.models.base import Reply, Request
from pytest_aibench.models.errors import (
    BadRequestError,
    MalformedReplyError,
    ModelNotFoundError,
    NoReplyError,
    OverloadedError,
)
from pytest_aibench.models.fields import as_count, as_dict, as_list
from pytest_aibench.models.http import JsonClient
from pytest_aibench.models.scoring import CANNOT_SCORE, scored

__all__ = ["TOLERANCE", "EchoScorer"]

_PROBES = (
    "The capital of France is",
    "def add(a, b):\n    return",
    "1, 2, 3, 4, 5,",
    "Once upon a time there was a",
    "Question: What is the color of the sky?\nAnswer:",
)
_ENOUGH = 2
TOLERANCE = 0.02  # between two passes of one server: batches and precision move the last digits
_CERTAIN = math.log(0.5)  # what is likelier is likelier than all others
_LEADING = 3  # special tokens that a server may put before the text


class _Token(NamedTuple):
    """A token that covers [start, end) of the text; no `logprob` where nothing was before it."""

    start: int
    end: int
    logprob: float | None
    greedy: bool


class EchoScorer:
    """Scores texts with the model `name` behind `client`; `bos` is put before empty contexts."""

    def __init__(self, client: JsonClient, name: str, bos: str = "") -> None:
        self._client = client
        self._name = name
        self._bos = bos

    async def score(self, request: Request) -> Reply:
        """As `Scorer.score`. Like lm-eval, spaces between context and continuation belong to the
        continuation, and a context that is empty is the model's beginning of text."""
        began = time.monotonic()
        context, continuation = _divided(request.prompt, request.continuation or "")
        context = context or self._bos
        text = context + continuation
        data = await self._echo(text)
        tokens = self._scored(data, text, len(context))
        return scored(
            sum(t.logprob for t in tokens if t.logprob is not None),
            all(t.greedy for t in tokens),
            tokens=as_count(as_dict(data.get("usage")).get("prompt_tokens")),
            seconds=time.monotonic() - began,
        )

    async def values(self, context: str, continuation: str) -> list[float]:
        """The log-probability of each token of `continuation`. Raises as `score`."""
        text = context + continuation
        tokens = self._scored(await self._echo(text), text, len(context))
        return [t.logprob for t in tokens if t.logprob is not None]

    async def values_of_tokens(self, ids: list[int]) -> list[float | None]:
        """The log-probability of each token of a prompt of token ids, None where it has none.

        Raises:
            ModelError: as `Model.generate`.
        """
        values = as_list(_logprobs(await self._echo(ids)).get("token_logprobs"))
        return [v if isinstance(v, int | float) else None for v in values[: len(ids)]]

    def _scored(self, data: dict[str, Any], text: str, context: int) -> list[_Token]:
        """The tokens of `text` from `context` on."""
        tokens = [t for t in self._tokens(data, text) if t.end > context]
        missing = next((t for t in tokens if t.logprob is None), None)
        if missing is not None:
            raise NoReplyError(f"{self._client.who} gives no log-probability at {missing.start}")
        return tokens

    async def fault(self, *, from_start: bool) -> str:
        """As `Scorer.scoring_fault`."""
        try:
            return await self._wrong() or (await self._headless() if from_start else "")
        except (BadRequestError, ModelNotFoundError, MalformedReplyError, OverloadedError) as error:
            return f"{error}: {CANNOT_SCORE}"

    async def _wrong(self) -> str:
        verified = 0
        for prompt in _PROBES:
            token, written = await self._write(prompt)
            echoed = next(
                (t for t in await self._probe(prompt + token) if t.start == len(prompt)), None
            )
            if not token or echoed is None or echoed.end != len(prompt + token):
                continue  # read again, the text falls into other tokens: nothing to compare
            if echoed.logprob is None or abs(echoed.logprob - written) > TOLERANCE:
                return (
                    f"it echoes {token!r} with log-probability {echoed.logprob}, but gave "
                    f"{written} when it wrote it: {CANNOT_SCORE}"
                )
            verified += 1
            if verified == _ENOUGH:
                return ""
        return f"its log-probabilities could not be verified: {CANNOT_SCORE}"

    async def _headless(self) -> str:
        """Why texts without a context cannot be scored."""
        text = self._bos + _PROBES[0]
        tokens = [t for t in await self._probe(text) if t.end > len(self._bos)]
        if tokens and tokens[0].logprob is None:
            return (
                "it gives no log-probability for the first token of a text. Say with which text "
                "the model's documents begin: --model openai/NAME,bos=<s> (or what it is)"
            )
        return ""

    async def _write(self, prompt: str) -> tuple[str, float]:
        """The likeliest next token and its log-probability."""
        data = await self._post(prompt, echo=False)
        logprobs = _logprobs(data)
        tokens, values = as_list(logprobs.get("tokens")), as_list(logprobs.get("token_logprobs"))
        if not (tokens and values and isinstance(values[0], int | float)):
            raise MalformedReplyError(f"{self._client.who} sent no log-probabilities")
        return str(tokens[0]), float(values[0])

    async def _probe(self, text: str) -> list[_Token]:
        return self._tokens(await self._echo(text), text)

    async def _echo(self, prompt: str | list[int]) -> dict[str, Any]:
        return await self._post(prompt, echo=True)

    async def _post(self, prompt: str | list[int], *, echo: bool) -> dict[str, Any]:
        # One token is written too: to some servers 0 means "as many as fit".
        body = {"model": self._name, "prompt": prompt, "max_tokens": 1, "temperature": 0}
        return await self._client.post("/completions", body | {"logprobs": 1, "echo": echo})

    def _tokens(self, data: dict[str, Any], text: str) -> list[_Token]:
        """The tokens of `text` alone."""
        logprobs = _logprobs(data)
        names = [str(token) for token in as_list(logprobs.get("tokens"))]
        values, tops = (
            as_list(logprobs.get("token_logprobs")),
            as_list(logprobs.get("top_logprobs")),
        )
        starts = _starts(names, text) or _told_starts(names, text, logprobs.get("text_offset"))
        if not starts or len(values) != len(names) or len(tops) < len(names):
            raise MalformedReplyError(
                f"{self._client.who} did not repeat the text with its log-probabilities"
            )
        ends = _ends(names, starts, text)
        return [
            _Token(start, end, value, _is_top(name, value, as_dict(top)))
            for name, value, top, start, end in zip(
                names, values, tops[: len(names)], starts, ends, strict=True
            )
            if start < len(text) and end > 0
        ]


def _divided(context: str, continuation: str) -> tuple[str, str]:
    bare = context.rstrip()
    return bare, context[len(bare) :] + continuation


def _logprobs(data: dict[str, Any]) -> dict[str, Any]:
    choices = as_list(data.get("choices"))
    return as_dict(as_dict(choices[0]).get("logprobs")) if choices else {}


def _starts(names: list[str], text: str) -> list[int]:
    """Where each token starts, by the tokens' own lengths; those of leading special tokens are
    negative. Empty where the tokens do not spell the text, as with parts of a character."""
    for leading in range(min(_LEADING, len(names))):
        if "".join(names[leading:]).startswith(text):
            at = -sum(map(len, names[:leading]))
            starts = []
            for name in names:
                starts.append(at)
                at += len(name)
            return starts
    return []


def _told_starts(names: list[str], text: str, told: Any) -> list[int]:
    """Where each token starts, as the server says; empty where that cannot be of `text`. Tokens
    that are a part of a character have names of their own kind."""
    starts = as_list(told)
    if not names or len(starts) != len(names) or not all(isinstance(s, int) for s in starts):
        return []
    for name, start, end in zip(names, starts, [*starts[1:], len(text)], strict=True):
        whole = (
            name and name.isprintable() and "\ufffd" not in name and not name.startswith("bytes:")
        )
        if start < len(text) and whole and name != text[start:end]:
            return []
    return starts


def _ends(names: list[str], starts: list[int], text: str) -> list[int]:
    """Where each token ends. Tokens with one start are the parts of a character and all end behind
    it; but where the last of them is the text there, the others are special and cover nothing."""
    ends: list[int] = []
    after = len(text)
    for start, group in groupby(reversed(range(len(starts))), key=starts.__getitem__):
        last, *others = group
        special = bool(others) and names[last] == text[max(start, 0) : after]
        ends += [after, *([start if special else after] * len(others))]
        after = start
    return ends[::-1]


def _is_top(name: str, value: float | None, top: dict[str, Any]) -> bool:
    if value is None or not top:
        return False
    if name.strip("\ufffd"):
        return bool(value >= max(top.values()))
    # Tokens that are parts of characters share a name, and one may hide the likeliest.
    return value > _CERTAIN
