"""Who is asked for replies, and for what: the model of a run as its processes see it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_aibench.profiles.profile import unchanged
from pytest_aibench.session.run import Run
from pytest_aibench.settings import Settings

if TYPE_CHECKING:
    from pytest_aibench.generation.controller import GenerationService
    from pytest_aibench.generation.service import Generator
    from pytest_aibench.generation.template import PromptTemplate
    from pytest_aibench.models.base import ModelIdentity, Request
    from pytest_aibench.problems.problem import Problem

__all__ = ["make_request", "open_generator", "start_service"]


def start_service(settings: Settings) -> GenerationService | None:
    """The service that asks the model's server for the whole run; None for a local model.

    Raises:
        UsageError, ModelError: the model cannot be used; the message says what to do.
    """
    if settings.model is None:
        return None
    from pytest_aibench.models.spec import is_local, parse_spec

    asking = settings.generation
    spec = parse_spec(settings.model, base_url=settings.base_url)
    if is_local(spec):
        return None
    from pytest_aibench.generation.accounts import Budget
    from pytest_aibench.generation.controller import GenerationService, GenerationSettings

    return GenerationService.start(
        spec,
        GenerationSettings(
            concurrency=asking.concurrency,
            samples_per_request=asking.samples_per_request,
            cache_dir=settings.cache_dir if asking.store else None,
            budget=Budget(asking.max_tokens_total, asking.max_time),
        ),
    )


def open_generator(settings: Settings, run: Run) -> Generator:
    """Replies for the items of this process: from the controller's service, or a local model."""
    if run.model_address:
        from pytest_aibench.generation.remote import connect

        return connect(run.model_address)
    from pytest_aibench.generation.service import open_generator as open_here

    return open_here(settings.model or "", base_url=settings.base_url)


def make_request(
    benchmark: str,
    problem: Problem,
    sample: int,
    settings: Settings,
    identity: ModelIdentity,
    stop: tuple[str, ...],
) -> Request:
    """The request of one sample; the same in the controller's plan and in the item's worker."""
    from pytest_aibench.generation.prompts import build_request, chat_prompt, choose_mode

    task = settings.profile.task(benchmark)
    return build_request(
        benchmark,
        problem,
        sample,
        settings.sampling,
        mode=choose_mode(settings.generation.prompt_mode, identity),
        system=settings.generation.system_prompt,
        stop=stop,
        sent=task.sent if task else unchanged,
        put=settings.profile.chat or chat_prompt,
        template=_template(settings.generation.prompt_template),
        together=settings.generation.samples_per_request,
    )


@lru_cache
def _template(path: Path | None) -> PromptTemplate | None:
    if path is None:
        return None
    from pytest_aibench.generation.template import PromptTemplate

    return PromptTemplate(path)
