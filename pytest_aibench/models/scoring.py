"""Log-probabilities: what is asked of a model that shall score a text instead of writing one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from pytest_aibench.models.base import ChoicesModel, Model, Reply, ReplyForm, Request
from pytest_aibench.models.errors import BadRequestError

__all__ = ["CANNOT_SCORE", "Scorer", "ask", "ask_together", "score_of", "scored", "scoring_fault"]

CANNOT_SCORE = (
    "it gives no log-probabilities of a text that it is shown. Choose a server with them "
    "(--model openai/NAME with vLLM, or another that echoes prompts with log-probabilities, or "
    "--model lm-eval/hf,pretrained=NAME), or tasks that only generate text"
)


@runtime_checkable
class Scorer(Protocol):
    """A model that can score texts."""

    async def score(self, request: Request) -> Reply:
        """`request.continuation` after `request.prompt`, as `scored` makes it.

        Raises:
            ModelError: as `Model.generate`.
        """
        ...

    async def scoring_fault(self, *, from_start: bool) -> str:
        """Why its log-probabilities cannot be believed; empty where they can.

        `from_start`: also those of a text's first token, with nothing before it.
        """
        ...


async def ask(model: Model, request: Request) -> Reply:
    """The reply to `request`, whether it is to be written or scored.

    Raises:
        ModelError: as `Model.generate`; fatal where the model cannot score.
    """
    if request.continuation is None:
        return await model.generate(request)
    if not isinstance(model, Scorer):
        raise BadRequestError(f"the model cannot score texts: {CANNOT_SCORE}")
    return await model.score(request)


async def ask_together(model: Model, requests: Sequence[Request]) -> list[Reply]:
    """Replies to requests that differ in sample and seed alone; fewer where the model gives fewer.

    Raises:
        ModelError: as `Model.generate`.
    """
    if len(requests) > 1 and isinstance(model, ChoicesModel):
        return await model.choices(requests)
    return [await ask(model, requests[0])]


async def scoring_fault(model: Model, *, from_start: bool) -> str:
    """`Scorer.scoring_fault` of any model."""
    if not isinstance(model, Scorer):
        return CANNOT_SCORE
    return await model.scoring_fault(from_start=from_start)


def scored(logprob: float, greedy: bool, *, tokens: int = 0, seconds: float = 0.0) -> Reply:
    """A score as a reply: the natural logarithm of the probability, and whether the text is what
    the model itself would have written."""
    facts = {"logprob": logprob, "greedy": greedy}
    return Reply("", ReplyForm.COMPLETION, tokens_in=tokens, seconds=seconds, facts=facts)


def score_of(reply: Reply) -> tuple[float, bool]:
    """The inverse of `scored`."""
    return float(reply.facts["logprob"]), bool(reply.facts["greedy"])
