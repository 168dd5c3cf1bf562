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
from dataclasses import replace
from importlib import import_module
from importlib.metadata import version
from typing import Any, NamedTuple

from pytest_aibench.errors import ModelError, UsageError
from pytest_aibench.models.base import ModelIdentity, Reply, ReplyForm, Request, Sampling
from pytest_aibench.models.errors import BadRequestError, ModelNotFoundError, RequestError
from pytest_aibench.models.scoring import scored
from pytest_aibench.models.spec import ModelSpec
from pytest_aibench.models.stops import cut_at_stop

__all__ = ["LmEvalModel", "generation_arguments", "open_model"]


class _Waiting(NamedTuple):
    request: Request
    reply: asyncio.Future[Reply]


class LmEvalModel:
    """A model that lm-eval loads into this process or reaches by its own means.

    lm-eval tells neither tokens nor why a reply ended, and takes no seed for a single request.
    Tokens are counted with the model's own tokenizer, where its class has one (`tok_encode`); the
    end token and what lm-eval cut away are not among them. The finish reason stays unknown, and
    `--seed` is refused.
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
        return await self._queued(request)

    async def score(self, request: Request) -> Reply:
        return await self._queued(request)

    async def scoring_fault(self, *, from_start: bool) -> str:
        kind = "loglikelihood_rolling" if from_start else "loglikelihood"
        try:
            await self._in_thread(self._ask, kind, [("a b",) if from_start else ("a", " b")])
        except Exception as error:
            return f"lm-eval's class cannot score texts ({type(error).__name__}: {error})"
        return ""

    async def _queued(self, request: Request) -> Reply:
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
        replies: dict[int, Reply] = {}
        for kind in dict.fromkeys(map(_kind, requests)):
            places = [i for i, request in enumerate(requests) if _kind(request) == kind]
            outcomes = self._ask(kind, [self._lm_arguments(requests[i]) for i in places])
            seconds = (time.monotonic() - began) / len(places)
            for i, outcome in zip(places, outcomes, strict=True):
                replies[i] = self._counted(_reply(outcome, requests[i], seconds), requests[i])
        return [replies[i] for i in range(len(requests))]

    def _counted(self, reply: Reply, request: Request) -> Reply:
        shown = "" if request.rolling else self._lm_arguments(request)[0]
        return replace(
            reply,
            tokens_in=self._tokens(shown) + self._tokens(request.continuation or "", follows=True),
            tokens_out=self._tokens(reply.text, follows=True),
        )

    def _tokens(self, text: str, *, follows: bool = False) -> int:
        """Tokens of `text` by the model's own tokenizer, 0 where it has none.

        What `follows` another text gets no token that marks a beginning.
        """
        encode = getattr(self._lm, "tok_encode", None)
        if encode is None or not text:
            return 0
        bare = follows and "add_special_tokens" in inspect.signature(encode).parameters
        try:
            tokens = encode(text, **({"add_special_tokens": False} if bare else {}))
        except Exception:
            return 0
        # Classes without a tokenizer give the text itself.
        return len(tokens) if all(isinstance(token, int) for token in tokens) else 0

    def _ask(self, kind: str, arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
        instance = import_module("lm_eval.api.instance").Instance
        method = getattr(self._lm, kind)
        quiet = "disable_tqdm" in inspect.signature(method).parameters
        asked = [instance(kind, {}, a, i) for i, a in enumerate(arguments)]
        outcomes = list(method(asked, **({"disable_tqdm": True} if quiet else {})))
        if len(outcomes) != len(asked):
            raise RequestError(f"lm-eval gave {len(outcomes)} replies to {len(asked)} requests")
        return outcomes

    def _lm_arguments(self, request: Request) -> tuple[Any, ...]:
        if request.continuation is None:
            sampling = request.sampling
            arguments = {"until": list(sampling.stop), **generation_arguments(sampling)}
            return self._context(request), arguments
        if request.rolling:
            return (request.continuation,)
        return request.prompt, request.continuation

    def _context(self, request: Request) -> str:
        if not request.chat:
            return request.prompt
        try:
            return str(self._lm.apply_chat_template(request.chat_messages()))
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


def generation_arguments(sampling: Sampling) -> dict[str, Any]:
    """lm-eval's generation arguments for what the user set, stop words apart."""
    given: dict[str, Any] = {
        "temperature": sampling.temperature,
        "do_sample": None if sampling.temperature is None else sampling.temperature > 0,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "max_gen_toks": sampling.max_tokens,
    }
    return {name: value for name, value in given.items() if value is not None}


def _kind(request: Request) -> str:
    if request.continuation is None:
        return "generate_until"
    return "loglikelihood_rolling" if request.rolling else "loglikelihood"


def _reply(outcome: Any, request: Request, seconds: float) -> Reply:
    if request.rolling:
        return scored(float(outcome), False, seconds=seconds)
    if request.continuation is not None:
        return scored(float(outcome[0]), bool(outcome[1]), seconds=seconds)
    text = str(outcome) if request.chat else cut_at_stop(str(outcome), request.sampling.stop)
    form = ReplyForm.CHAT if request.chat else ReplyForm.COMPLETION
    return Reply(text, form, finish_reason="", seconds=seconds)


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
