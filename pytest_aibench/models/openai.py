"""Any server with OpenAI's API: /v1/chat/completions and /v1/completions."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from pytest_aibench.errors import UsageError
from pytest_aibench.models.base import ModelIdentity, Reply, ReplyForm, Request
from pytest_aibench.models.echo import EchoScorer
from pytest_aibench.models.errors import (
    AuthenticationError,
    BadRequestError,
    MalformedReplyError,
    ModelNotFoundError,
    NoServerError,
    OverloadedError,
    PromptError,
    RequestError,
)
from pytest_aibench.models.fields import as_count, as_dict, as_list, as_text
from pytest_aibench.models.http import JsonClient, public_url, reply_seconds
from pytest_aibench.models.spec import ModelSpec
from pytest_aibench.models.stops import cut_at_stop
from pytest_aibench.models.windows import DocumentScorer

__all__ = ["OpenAIModel", "open_model", "openai_url"]

DEFAULT_URL = "https://api.openai.com/v1"
_SHORTEST = 4  # a token of context, one to score, and two that are left free
_MAX_STOPS = 4  # OpenAI refuses more; the rest is cut from the reply
_FINISH = {"length": "length", "content_filter": "refusal"}


class OpenAIModel:
    """A model behind an OpenAI-compatible server."""

    def __init__(self, spec: ModelSpec, client: JsonClient, root: JsonClient) -> None:
        self._spec = spec
        self._client = client
        self._root = root
        self._limit_name = "max_tokens"
        self._settings = {k: v for k, v in spec.options.items() if k in ("bos", "max_length")}
        bos = spec.options.get("bos", "")
        self._scorer = EchoScorer(client, spec.name, bos)
        length = _max_length(spec)
        self._documents = DocumentScorer(self._scorer, root, spec.name, bos, length)

    async def identify(self) -> ModelIdentity:
        """Reach the server; whether it lists the model is a fact, as many servers take any name.

        Raises:
            NoServerError: no server at the address.
            AuthenticationError: the key is refused.
        """
        return ModelIdentity(
            spec=self._spec.text,
            provider="openai",
            name=self._spec.name,
            endpoint=public_url(self._client.base_url),
            settings=dict(self._settings),
            facts={"listed": await self._listed()},
        )

    async def generate(self, request: Request) -> Reply:
        return (await self.choices([request]))[0]

    async def choices(self, requests: Sequence[Request]) -> list[Reply]:
        """As `ChoicesModel.choices`."""
        began = time.monotonic()
        data = await self._ask(requests[0], len(requests))
        return self._replies(data, requests, time.monotonic() - began)

    async def score(self, request: Request) -> Reply:
        return await (self._documents if request.rolling else self._scorer).score(request)

    async def scoring_fault(self, *, from_start: bool) -> str:
        fault = await self._scorer.fault(from_start=from_start)
        return fault or (await self._documents.fault() if from_start else "")

    async def close(self) -> None:
        await self._client.close()
        await self._root.close()

    async def _ask(self, request: Request, n: int) -> dict[str, Any]:
        path = "/chat/completions" if request.chat else "/completions"
        try:
            return await self._client.post(path, self._body(request, n))
        except AuthenticationError as error:
            raise _with_remedy(error) from error
        except ModelNotFoundError as error:
            raise ModelNotFoundError(
                f"{error}. Check the name {self._spec.name!r} and --base-url"
            ) from error
        except OverloadedError as error:
            # llama.cpp's server in Python says no more than this of an empty prompt.
            if error.status != 500 or request.chat or request.prompt:
                raise
            raise PromptError(
                f"{error}. The prompt is empty, which many servers refuse; give the problem a "
                "prompt, or --prompt-mode chat"
            ) from error
        except BadRequestError as error:
            # Some models take the token limit under its newer name only, and say so.
            if "max_completion_tokens" not in str(error) or self._limit_name != "max_tokens":
                if n > 1:
                    raise _without_n(error) from error
                raise
            self._limit_name = "max_completion_tokens"
            return await self._client.post(path, self._body(request, n))

    def _body(self, request: Request, n: int) -> dict[str, Any]:
        sampling = request.sampling
        given = {
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "top_k": sampling.top_k,
            self._limit_name: sampling.max_tokens,
            "seed": sampling.seed,
            "n": n if n > 1 else None,
            "stop": list(sampling.stop[:_MAX_STOPS]) or None,
        }
        body = {"model": self._spec.name, **{k: v for k, v in given.items() if v is not None}}
        if not request.chat:
            return body | {"prompt": request.prompt}
        return body | {"messages": request.chat_messages()}

    def _replies(
        self, data: dict[str, Any], requests: Sequence[Request], seconds: float
    ) -> list[Reply]:
        """One reply a choice; tokens and seconds, known of all together, are spread evenly."""
        usage = as_dict(data.get("usage"))
        choices = self._choices(data)[: len(requests)]
        replies = [self._reply(c, r) for c, r in zip(choices, requests, strict=False)]
        n = len(replies)
        tokens_in = _spread(as_count(usage.get("prompt_tokens")), n)
        tokens_out = _spread(as_count(usage.get("completion_tokens")), n)
        facts = _facts(data, self._limit_name)
        return [
            replace(
                reply,
                tokens_in=tokens_in[i],
                tokens_out=tokens_out[i],
                seconds=seconds / n,
                facts=facts if n == 1 else {**facts, "choice": i, "choices": n},
            )
            for i, reply in enumerate(replies)
        ]

    def _reply(self, choice: dict[str, Any], request: Request) -> Reply:
        message = as_dict(choice.get("message"))
        text = _text(message.get("content")) if request.chat else _text(choice.get("text"))
        if text is None or (request.chat and not message):
            raise MalformedReplyError(f"{self._client.who} sent a choice without a text")
        refusal = as_text(message.get("refusal"))
        return Reply(
            text=text or refusal if request.chat else cut_at_stop(text, request.sampling.stop),
            form=ReplyForm.CHAT if request.chat else ReplyForm.COMPLETION,
            finish_reason="refusal" if refusal else _finish_reason(choice),
            reasoning=as_text(message.get("reasoning_content") or message.get("reasoning")),
        )

    def _choices(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        choices = [as_dict(choice) for choice in as_list(data.get("choices"))]
        if not choices or not all(choices):
            # Gateways report an upstream's failure under status 200.
            said = f": {data['error']}" if data.get("error") else ""
            raise MalformedReplyError(f"{self._client.who} sent an answer without choices{said}")
        return choices

    async def _listed(self) -> bool | None:
        """Whether /models lists the model; None where the server has no such list."""
        try:
            data = (await self._client.first_contact("/models")).get("data")
        except AuthenticationError as error:
            raise _with_remedy(error) from error
        except NoServerError as error:
            raise NoServerError(
                f"{error}. Start the server, or say where it is with --base-url or OPENAI_BASE_URL"
            ) from error
        except (ModelNotFoundError, BadRequestError, MalformedReplyError):
            return None
        names = {as_text(as_dict(entry).get("id")) for entry in as_list(data)}
        return self._spec.name in names if names else None


def open_model(spec: ModelSpec) -> OpenAIModel:
    """`openai/NAME[,timeout=SECONDS][,bos=TEXT][,max_length=N]`.

    The key comes from OPENAI_API_KEY and is kept nowhere else. `bos` is the text with which the
    model's documents begin; only scores of whole documents need it, and only with some servers.
    `max_length` is the context in tokens by which these are cut (`DocumentScorer`).

    Raises:
        UsageError: an option is unknown, the address is malformed, or OpenAI's own server is meant
            and there is no key.
    """
    unknown = set(spec.options) - {"timeout", "bos", "max_length"}
    if unknown:
        raise UsageError(
            f"--model {spec.text}: unknown option {sorted(unknown)[0]!r}; "
            "openai knows timeout, bos and max_length"
        )
    url = openai_url(spec.base_url or os.environ.get("OPENAI_BASE_URL"))
    key = os.environ.get("OPENAI_API_KEY", "").strip()
    if not key and url == DEFAULT_URL:
        raise UsageError(
            f"--model {spec.text}: set OPENAI_API_KEY, or give another server with --base-url"
        )
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    seconds = reply_seconds(spec.options, spec.text)
    client, root = (
        JsonClient(place, "the server", headers=headers, reply_seconds=seconds)
        for place in (url, url.removesuffix("/v1"))
    )
    return OpenAIModel(spec, client, root)


def _max_length(spec: ModelSpec) -> int | None:
    text = spec.options.get("max_length")
    if text is None:
        return None
    if not text.isdecimal() or int(text) < _SHORTEST:
        raise UsageError(
            f"--model {spec.text}: max_length must be a number of tokens from {_SHORTEST} up, "
            f"got {text!r}"
        )
    return int(text)


def openai_url(url: str | None) -> str:
    """The address that `/chat/completions` follows: `/v1` is added where `url` has no path."""
    text = (url or "").strip().rstrip("/")
    if not text:
        return DEFAULT_URL
    if "://" not in text:
        text = f"http://{text}"
    return text if urlsplit(text).path else f"{text}/v1"


def _with_remedy(error: RequestError) -> AuthenticationError:
    return AuthenticationError(f"{error}. Check OPENAI_API_KEY")


def _without_n(error: BadRequestError) -> BadRequestError:
    return BadRequestError(
        f"{error}. If it is that the server takes no `n`, leave out --samples-per-request"
    )


def _spread(total: int, n: int) -> list[int]:
    """`n` numbers whose sum is `total`, as equal as they can be."""
    return [total // n + (i < total % n) for i in range(n)]


def _finish_reason(choice: dict[str, Any]) -> str:
    return _FINISH.get(as_text(choice.get("finish_reason")), "stop")


def _text(content: Any) -> str | None:
    """A text, "" for null (servers send it beside reasoning), or the texts of its parts."""
    if content is None:
        return ""
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else None


def _facts(data: dict[str, Any], limit_name: str) -> dict[str, Any]:
    facts = {
        "system_fingerprint": data.get("system_fingerprint"),
        "served_model": data.get("model"),
    }
    if limit_name != "max_tokens":
        facts["token_limit_sent_as"] = limit_name
    return {name: value for name, value in facts.items() if value}
