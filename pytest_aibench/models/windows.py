"""Documents that are longer than a model's context, scored in windows as lm-eval scores them.

The server's own tokenizer cuts them (`/tokenize`, which vLLM has), and the windows are sent as
token ids, so that no text is read in other tokens than the whole document would be.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from pytest_aibench.models.base import Reply, Request
from pytest_aibench.models.echo import TOLERANCE, EchoScorer
from pytest_aibench.models.errors import (
    BadRequestError,
    ContextOverflowError,
    MalformedReplyError,
    ModelNotFoundError,
)
from pytest_aibench.models.fields import as_list
from pytest_aibench.models.http import JsonClient
from pytest_aibench.models.scoring import scored

__all__ = ["DocumentScorer", "windows"]

_SAMPLE = "Once upon a time there was a"


class DocumentScorer:
    """Scores whole documents with `echo`, in windows where they are too long for it.

    `root` reaches the server beside its API. `max_length` is the model's context in tokens: with
    it every document is cut as lm-eval's models behind an API cut it (`max_length` there),
    without it only what the server refuses, by the length that `/tokenize` tells.
    """

    def __init__(
        self, echo: EchoScorer, root: JsonClient, name: str, bos: str, max_length: int | None
    ) -> None:
        self._echo = echo
        self._root = root
        self._name = name
        self._bos = bos
        self._max_length = max_length
        self._verified = False

    async def fault(self) -> str:
        """Why no document can be cut as `max_length` asks; empty where they can, or need not."""
        if self._max_length is None:
            return ""
        try:
            await self._verify((await self._prefix())[0])
        except ContextOverflowError as error:
            return f"documents have to be cut at max_length={self._max_length}, but {error}"
        return ""

    async def score(self, request: Request) -> Reply:
        """As `Scorer.score`, for a rolling request.

        Raises:
            ContextOverflowError: the document is too long and cannot be cut; says why.
        """
        if self._max_length is not None:
            return await self._in_windows(request, self._max_length)
        try:
            return await self._echo.score(request)
        except ContextOverflowError as error:
            try:
                return await self._in_windows(request, None)
            except ContextOverflowError as why:
                raise ContextOverflowError(f"{error}; it cannot be cut: {why}") from error

    async def _in_windows(self, request: Request, length: int | None) -> Reply:
        began = time.monotonic()
        prefix, told = await self._prefix()
        length = length or told
        if length is None:
            raise ContextOverflowError(
                "its /tokenize does not tell the model's context: --model openai/NAME,max_length=N"
            )
        await self._verify(prefix)
        tokens, _ = await self._tokens(request.continuation or "")
        # One token of the context is for what is generated, and lm-eval leaves one more.
        cut = list(windows(tokens, prefix, length - 2))
        sums = [sum(await self._values(context, of)) for context, of in cut]
        return scored(
            sum(sums), False, tokens=sum(len(c) + len(of) for c, of in cut),
            seconds=time.monotonic() - began,
        )  # fmt: skip

    async def _prefix(self) -> tuple[list[int], int | None]:
        """The tokens that documents begin with, and the model's context."""
        if self._bos:
            return await self._tokens(self._bos)
        own, length = await self._tokens("", special=True)
        if not own:
            raise ContextOverflowError(
                "say with which text the model's documents begin: "
                "--model openai/NAME,bos=<s> (or what it is)"
            )
        return own, length

    async def _verify(self, prefix: list[int]) -> None:
        """Whether the server scores token ids as it scores the text they are of."""
        if self._verified:
            return
        ids, _ = await self._tokens(_SAMPLE)
        by_text = await self._echo.values(self._bos, _SAMPLE)
        by_ids = await self._values(prefix, ids)
        pairs = zip(by_text, by_ids, strict=False)
        if len(by_text) != len(by_ids) or any(abs(a - b) > TOLERANCE for a, b in pairs):
            raise ContextOverflowError("the server scores token ids otherwise than their text")
        self._verified = True

    async def _tokens(self, text: str, special: bool = False) -> tuple[list[int], int | None]:
        body = {"model": self._name, "prompt": text, "add_special_tokens": special}
        try:
            data = await self._root.post("/tokenize", body)
        except (BadRequestError, MalformedReplyError, ModelNotFoundError) as error:
            raise ContextOverflowError(
                f"the server has no /tokenize as vLLM has it ({error})"
            ) from error
        length: Any = data.get("max_model_len")
        return as_list(data.get("tokens")), length if isinstance(length, int) else None

    async def _values(self, context: list[int], tokens: list[int]) -> list[float]:
        """The log-probability of each of `tokens` after `context`."""
        values = await self._echo.values_of_tokens([*context, *tokens])
        own = values[len(context) :]
        if len(values) != len(context) + len(tokens) or any(value is None for value in own):
            raise MalformedReplyError(f"{self._root.who} did not score every token")
        return [value for value in own if value is not None]


def windows(
    tokens: Sequence[int], prefix: Sequence[int], most: int
) -> Iterator[tuple[list[int], list[int]]]:
    """Cut a document: context and the tokens to be scored after it, `most` of these at once.

    Each window has as much context as fits, but at least one token, and each token is scored
    once (lm-eval's `get_rolling_token_windows` with a context of 1, and `make_disjoint_window`).
    """
    for start in range(0, len(tokens), most):
        scored_here = list(tokens[start : start + most])
        context = tokens[start + len(scored_here) - most - 1 : start] if start else prefix
        yield list(context), scored_here
