"""Any model class of lm-eval: `lm-eval/hf,pretrained=...` and the rest of its registry.

Its models answer lists and block: requests that are in flight together become one list, which a
thread of its own hands over.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.metadata import version
from typing import Any, NamedTuple

from pytest_aibench.errors import ModelError, UsageError
from pytest_aibench.models.base import ModelIdentity, Reply, ReplyForm, Request, Sampling
from pytest_aibench.models.errors import BadRequestError, ModelNotFoundError, RequestError
from pytest_aibench.models.spec import ModelSpec
from pytest_aibench.models.stops import cut_at_stop

__all__ = ["LmEvalModel", "open_model"]


class _Waiting(NamedTuple):
    request: Request
    reply: asyncio.Future[Reply]


class LmEvalModel:
    """A model that lm-eval loads into this process or reaches by its own means.

    lm-eval tells neither tokens nor why a reply ended, and takes no seed for a single request:
    replies have no counts, none is known to be cut, and `--seed` is refused.
    """

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._lm: Any = None
        self._waiting: list[_Waiting] = []
        self._answering: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="aibench-lm-eval")

    async def identify(self) -> ModelIdentity:
        """Load the model, which may take minutes.

        Raises:
            UsageError: lm-eval is not installed, or does not know the model's class.
            ModelNotFoundError: lm-eval cannot load the model; the message has its reason.
        """
        if self._lm is None:
            self._lm = await self._in_thread(_loaded, self._spec)
        has_template = await self._in_thread(self._has_chat_template)
        return ModelIdentity(
            spec=self._spec.text,
            provider="lm-eval",
            name=self._spec.name,
            settings=dict(self._spec.options),
            facts={"lm_eval": version("lm_eval"), "chat_template": has_template},
        )

    async def generate(self, request: Request) -> Reply:
        if request.sampling.seed is not None:
            raise BadRequestError("lm-eval's models take no seed for a request; leave out --seed")
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(request, future))
        if self._answering is None or self._answering.done():
            self._answering = asyncio.create_task(self._answer_all())
        return await future

    async def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _answer_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                replies = await self._in_thread(self._answers, [w.request for w in batch])
            except Exception as error:
                failure = error if isinstance(error, ModelError) else _failure(error)
                _deliver(batch, [failure] * len(batch))
            else:
                _deliver(batch, replies)

    async def _in_thread(self, function: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    def _answers(self, requests: Sequence[Request]) -> list[Reply]:
        began = time.monotonic()
        instance = import_module("lm_eval.api.instance").Instance
        asked = [
            instance("generate_until", {}, (self._context(r), _arguments(r.sampling)), i)
            for i, r in enumerate(requests)
        ]
        quiet = "disable_tqdm" in inspect.signature(self._lm.generate_until).parameters
        texts = self._lm.generate_until(asked, **({"disable_tqdm": True} if quiet else {}))
        if len(texts) != len(requests):
            raise RequestError(f"lm-eval gave {len(texts)} replies to {len(requests)} requests")
        share = (time.monotonic() - began) / len(requests)
        return [_reply(text, r, share) for text, r in zip(texts, requests, strict=True)]

    def _context(self, request: Request) -> str:
        if not request.chat:
            return request.prompt
        system = [{"role": "system", "content": request.system}] if request.system else []
        messages = [*system, {"role": "user", "content": request.prompt}]
        try:
            return str(self._lm.apply_chat_template(messages))
        except Exception as error:
            raise BadRequestError(
                f"--model {self._spec.text} has no chat template that lm-eval can apply ({error}); "
                "give --prompt-mode completion"
            ) from error

    def _has_chat_template(self) -> bool:
        try:
            self._lm.apply_chat_template([{"role": "user", "content": "x"}])
        except Exception:
            return False
        return True


def open_model(spec: ModelSpec) -> LmEvalModel:
    """`lm-eval/CLASS[,ARGUMENT=VALUE...]` with the arguments of lm-eval's own `--model_args`."""
    return LmEvalModel(spec)


def _loaded(spec: ModelSpec) -> Any:
    try:
        import_module("lm_eval.models")  # fills the registry with names, loads no class
        registry = import_module("lm_eval.api.registry")
    except ImportError as error:
        raise UsageError(
            f"--model {spec.text}: lm-eval cannot be imported ({error}); "
            "install it: pip install pytest-aibench[lm-eval]"
        ) from error
    try:
        model = registry.get_model(spec.name)
    except (KeyError, ValueError) as error:
        raise UsageError(f"--model {spec.text}: lm-eval has no such model ({error})") from error
    arguments = ",".join(f"{name}={value}" for name, value in spec.options.items())
    try:
        return model.create_from_arg_string(arguments, {})
    except Exception as error:
        raise ModelNotFoundError(
            f"--model {spec.text}: lm-eval cannot load it ({type(error).__name__}: {error})"
        ) from error


def _arguments(sampling: Sampling) -> dict[str, Any]:
    """lm-eval's generation arguments for what the user set."""
    given: dict[str, Any] = {
        "temperature": sampling.temperature,
        "do_sample": None if sampling.temperature is None else sampling.temperature > 0,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "max_gen_toks": sampling.max_tokens,
    }
    return {
        "until": list(sampling.stop),
        **{name: value for name, value in given.items() if value is not None},
    }


def _reply(text: str, request: Request, seconds: float) -> Reply:
    if request.chat:
        return Reply(text, ReplyForm.CHAT, seconds=seconds)
    return Reply(cut_at_stop(text, request.sampling.stop), ReplyForm.COMPLETION, seconds=seconds)


def _deliver(batch: Sequence[_Waiting], outcomes: Sequence[Reply | ModelError]) -> None:
    for waiting, outcome in zip(batch, outcomes, strict=True):
        if waiting.reply.done():
            continue
        if isinstance(outcome, Reply):
            waiting.reply.set_result(outcome)
        else:
            waiting.reply.set_exception(outcome)


def _failure(error: Exception) -> RequestError:
    return RequestError(f"lm-eval's model failed ({type(error).__name__}: {error})")
