"""From lm-eval's requests to ours, and from replies to the answers that lm-eval takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from pytest_aibench.errors import UsageError
from pytest_aibench.generation.sampling import sampling_of
from pytest_aibench.lm_eval.documents import PlannedRequest
from pytest_aibench.models.base import Reply, Request, Sampling
from pytest_aibench.models.scoring import score_of
from pytest_aibench.models.stops import cut_at_stop
from pytest_aibench.problems.problem import Problem

__all__ = ["Answer", "answer_of", "make_request", "sampling_from"]

Answer: TypeAlias = str | float | tuple[float, bool]
"""Of `generate_until`, `loglikelihood_rolling` and `loglikelihood`."""

MAX_TOKENS = 256
"""What lm-eval's own models behind an API write at most, where a task does not say."""

_LENGTHS = ("max_tokens", "max_new_tokens", "max_gen_toks")
_KNOWN = frozenset({"until", "do_sample", "temperature", "top_p", "top_k", *_LENGTHS})
# Settings of local decoding that change nothing at these values.
_NEUTRAL = {"num_beams": 1}


def make_request(
    planned: PlannedRequest, task: str, name: str, repeat: int, *, chat: bool, seed: int | None
) -> Request:
    """Our request for one of lm-eval's. `name` is that of the document.

    Repeats of a request differ in their sample index and, where there is a `seed`, their seeds.

    Raises:
        UsageError: the task asks for what no server can be told, or its context is no conversation.
    """
    problem = Problem(name, prompt="", entry_point="", test="")
    if planned.kind == "generate_until":
        context, arguments = planned.arguments[:2]
        sampling = sampling_of(sampling_from(arguments, task, seed), repeat)
        messages = _conversation(context, task) if chat else ()
        prompt = "" if chat else context
        return Request(task, problem, repeat, prompt, chat, sampling, messages=messages)
    rolling = planned.kind == "loglikelihood_rolling"
    context, continuation = ("", planned.arguments[0]) if rolling else planned.arguments
    return Request(
        task, problem, repeat, context, False, Sampling(), continuation=continuation,
        rolling=rolling,
    )  # fmt: skip


def answer_of(request: Request, reply: Reply) -> Answer:
    """What lm-eval's model method would have returned."""
    if request.continuation is None:
        return cut_at_stop(reply.text, request.sampling.stop)
    logprob, greedy = score_of(reply)
    return logprob if request.rolling else (logprob, greedy)


def sampling_from(arguments: Mapping[str, Any], task: str, seed: int | None) -> Sampling:
    """lm-eval's generation arguments, read as its models behind an API read them: greedy unless
    a temperature is named, whatever `do_sample` says.

    Raises:
        UsageError: an argument is not known here.
    """
    given = {k: v for k, v in arguments.items() if k not in _NEUTRAL or v != _NEUTRAL[k]}
    unknown = sorted(given.keys() - _KNOWN)
    if unknown:
        raise UsageError(
            f"--lm-eval-tasks {task}: the task sets {unknown[0]}={given[unknown[0]]!r} for "
            f"generation; known are {', '.join(sorted(_KNOWN))}. Remove it from a copy of the "
            "task (--include-path)"
        )
    length = next((given[name] for name in _LENGTHS if name in given), MAX_TOKENS)
    until = given.get("until") or ()
    return Sampling(
        temperature=given.get("temperature", 0.0),
        top_p=given.get("top_p"),
        top_k=given.get("top_k"),
        max_tokens=length,
        seed=seed,
        stop=(until,) if isinstance(until, str) else tuple(until),
    )


def _conversation(context: str, task: str) -> tuple[tuple[str, str], ...]:
    try:
        return tuple((m["role"], m["content"]) for m in json.loads(context))
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(
            f"--lm-eval-tasks {task}: the task adds text outside the chat template, so that its "
            "requests are no conversations; leave out --prompt-mode chat"
        ) from error
