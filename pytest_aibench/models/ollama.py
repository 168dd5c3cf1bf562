"""Ollama by its native API: /api/chat, and /api/generate with raw for completions.

Ollama's OpenAI-compatible API is not used: it ignores num_ctx, forces temperature and top_p to 1
where they are absent, and puts completions through the chat template.
"""

from __future__ import annotations

import os
import time
from typing import Any

from pytest_aibench.errors import UsageError
from pytest_aibench.models.base import ModelIdentity, Reply, ReplyForm, Request, Sampling
from pytest_aibench.models.errors import (
    MalformedReplyError,
    ModelNotFoundError,
    NoServerError,
    PromptError,
    RequestError,
)
from pytest_aibench.models.fields import as_count, as_dict, as_list, as_text
from pytest_aibench.models.http import JsonClient, public_url, reply_seconds
from pytest_aibench.models.ollama_host import ollama_url
from pytest_aibench.models.spec import ModelSpec
from pytest_aibench.models.stops import cut_at_stop

__all__ = ["OllamaModel", "open_model"]

_OPTIONS = ("num_ctx", "think", "keep_alive", "timeout")
_THINK = {"true": True, "false": False}
_THINK_LEVELS = frozenset({"low", "medium", "high", "max"})


class OllamaModel:
    """A model that an Ollama server runs. `settings` holds num_ctx, keep_alive and think."""

    def __init__(self, spec: ModelSpec, client: JsonClient, settings: dict[str, Any]) -> None:
        self._spec = spec
        self._client = client
        self._settings = settings

    async def identify(self) -> ModelIdentity:
        """The server's version and the model's digest; loads the model, so that no reply waits.

        Raises:
            NoServerError: no server; the message says how to start one.
            ModelNotFoundError: the model is not pulled; the message says how to pull it.
        """
        version = await self._version()
        shown = await self._show()
        digest = await self._digest()
        load = {"model": self._spec.name, "stream": False, **self._loading()}
        await self._client.post("/api/generate", load)
        return ModelIdentity(
            spec=self._spec.text,
            provider="ollama",
            name=self._spec.name,
            endpoint=public_url(self._client.base_url),
            digest=digest,
            settings={k: v for k, v in self._settings.items() if k in ("num_ctx", "think")},
            facts={"version": version, **_facts(shown)},
        )

    async def generate(self, request: Request) -> Reply:
        if not (request.chat or request.prompt):
            raise PromptError(
                f"{self._client.who} answers an empty prompt by loading the model only; give the "
                "problem a prompt, or --prompt-mode chat"
            )
        began = time.monotonic()
        path = "/api/chat" if request.chat else "/api/generate"
        try:
            data = await self._client.post(path, self._body(request))
        except ModelNotFoundError as error:
            raise self._not_pulled(str(error)) from error
        return self._reply(data, request, time.monotonic() - began)

    async def close(self) -> None:
        await self._client.close()

    def _body(self, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._spec.name,
            "stream": False,
            # Without these two Ollama drops the middle of a prompt that is too long, silently.
            "truncate": False,
            "shift": False,
            **self._loading(_options(request.sampling)),
        }
        if not request.chat:
            return body | {"prompt": request.prompt, "raw": True}
        if "think" in self._settings:
            body["think"] = self._settings["think"]
        return body | {"messages": request.chat_messages()}

    def _loading(self, options: dict[str, Any] | None = None) -> dict[str, Any]:
        """What decides how the model is loaded: the same in every request, else it is reloaded."""
        options = dict(options or {})
        if "num_ctx" in self._settings:
            options["num_ctx"] = self._settings["num_ctx"]
        body: dict[str, Any] = {"options": options} if options else {}
        if "keep_alive" in self._settings:
            body["keep_alive"] = self._settings["keep_alive"]
        return body

    def _reply(self, data: dict[str, Any], request: Request, seconds: float) -> Reply:
        message = as_dict(data.get("message")) if request.chat else data
        text = message.get("content" if request.chat else "response")
        if not isinstance(text, str):
            raise MalformedReplyError(f"{self._client.who} sent an answer without a text")
        # Ollama's guard against endless repetition ends a reply with done=false and no reason.
        aborted = data.get("done") is not True
        cut = aborted or data.get("done_reason") == "length"
        return Reply(
            text=text if request.chat else cut_at_stop(text, request.sampling.stop),
            form=ReplyForm.CHAT if request.chat else ReplyForm.COMPLETION,
            finish_reason="length" if cut else "stop",
            reasoning=as_text(message.get("thinking")),
            tokens_in=as_count(data.get("prompt_eval_count")),
            tokens_out=as_count(data.get("eval_count")),
            seconds=seconds,
            facts={"aborted_by_server": True} if aborted else {},
        )

    async def _version(self) -> str:
        try:
            return str((await self._client.first_contact("/api/version")).get("version", ""))
        except NoServerError as error:
            raise NoServerError(
                f"{error}. Start it with `ollama serve`, or say where it is with --base-url or "
                "OLLAMA_HOST"
            ) from error
        except ModelNotFoundError as error:
            raise NoServerError(
                f"{error}. This is no Ollama server; for OpenAI-compatible ones give "
                f"--model openai/{self._spec.name}"
            ) from error

    async def _show(self) -> dict[str, Any]:
        try:
            return await self._client.post("/api/show", {"model": self._spec.name})
        except ModelNotFoundError as error:
            raise self._not_pulled(await self._names()) from error

    async def _digest(self) -> str:
        name = self._spec.name
        for model in await self._tags():
            if model.get("name") in (name, f"{name}:latest"):
                return str(model.get("digest", ""))
        return ""

    async def _names(self) -> str:
        try:
            names = [as_text(model.get("name")) for model in await self._tags()]
        except RequestError:
            return ""
        return "it has " + ", ".join(sorted(names)) if names else "it has no model yet"

    async def _tags(self) -> list[dict[str, Any]]:
        models = as_list((await self._client.get("/api/tags")).get("models"))
        return [as_dict(model) for model in models]

    def _not_pulled(self, more: str) -> ModelNotFoundError:
        name = self._spec.name
        return ModelNotFoundError(
            f"{self._client.who} has no model {name!r}"
            + (f" ({more})" if more else "")
            + f". Pull it with `ollama pull {name}`"
        )


def open_model(spec: ModelSpec) -> OllamaModel:
    """`ollama/NAME` with the options

    num_ctx=N      context in tokens; without it Ollama's default, which depends on the machine
    think=HOW      true, false, low, medium, high or max
    keep_alive=T   how long the model stays loaded, such as 10m
    timeout=S      how long the server may be silent, in seconds

    Raises:
        UsageError: an option is unknown or malformed, or the address is none.
    """
    settings = _settings(spec)
    url = ollama_url(spec.base_url or os.environ.get("OLLAMA_HOST"))
    key = os.environ.get("OLLAMA_API_KEY", "").strip()  # of the hosted service
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    seconds = reply_seconds(spec.options, spec.text)
    client = JsonClient(url, "Ollama", headers=headers, reply_seconds=seconds)
    return OllamaModel(spec, client, settings)


def _settings(spec: ModelSpec) -> dict[str, Any]:
    unknown = set(spec.options) - set(_OPTIONS)
    if unknown:
        raise UsageError(
            f"--model {spec.text}: unknown option {sorted(unknown)[0]!r}; "
            f"Ollama's are {', '.join(_OPTIONS)}"
        )
    settings: dict[str, Any] = {k: v for k, v in spec.options.items() if k != "timeout"}
    if "num_ctx" in settings:
        settings["num_ctx"] = _positive(spec, settings["num_ctx"])
    if "think" in settings and settings["think"] not in _THINK_LEVELS:
        if settings["think"] not in _THINK:
            raise UsageError(
                f"--model {spec.text}: think must be true, false, low, medium, high or max, "
                f"got {settings['think']!r}"
            )
        settings["think"] = _THINK[settings["think"]]
    if settings.get("keep_alive", "").lstrip("-").isdigit():
        settings["keep_alive"] = int(settings["keep_alive"])
    return settings


def _positive(spec: ModelSpec, text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise UsageError(f"--model {spec.text}: num_ctx must be a whole number, got {text!r}")
    return int(text)


def _options(sampling: Sampling) -> dict[str, Any]:
    """Ollama's names for what the user set; nothing else is sent."""
    options = {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "num_predict": sampling.max_tokens,
        "seed": sampling.seed,
        "stop": list(sampling.stop) or None,
    }
    return {name: value for name, value in options.items() if value is not None}


def _facts(shown: dict[str, Any]) -> dict[str, Any]:
    """What can change a reply and is not in the digest's name."""
    details = as_dict(shown.get("details"))
    info = as_dict(shown.get("model_info"))
    context = next((v for k, v in info.items() if k.endswith(".context_length")), None)
    facts = {
        "family": details.get("family"),
        "parameter_size": details.get("parameter_size"),
        "quantization": details.get("quantization_level"),
        "context_length": context,
        "capabilities": shown.get("capabilities"),
        "parameters": shown.get("parameters"),
        "template": shown.get("template"),
    }
    known = {name: value for name, value in facts.items() if value}
    return known | {"chat_template": _has_chat_template(shown)}


def _has_chat_template(shown: dict[str, Any]) -> bool:
    """Whether Ollama wraps a message at all: base models have the bare prompt as their template.

    Models whose template is built into Ollama show the bare one too, and name a renderer.
    """
    bare = as_text(shown.get("template")).strip() in ("", "{{ .Prompt }}")
    return not bare or "\nRENDERER " in as_text(shown.get("modelfile"))
