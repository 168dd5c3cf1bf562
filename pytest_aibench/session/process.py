"""What one process is to a run: its settings, its engine, and the model's server if it has it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from pytest_aibench.errors import AibenchError, UsageError
from pytest_aibench.session.engine import Engine
from pytest_aibench.session.run import Run, is_worker
from pytest_aibench.settings import Settings

if TYPE_CHECKING:
    from pytest_aibench.generation.controller import GenerationService
    from pytest_aibench.generation.service import Generator
    from pytest_aibench.lm_eval.items import Documents
    from pytest_aibench.lm_eval.run import LmEvalRun
    from pytest_aibench.models.base import ModelIdentity, Request
    from pytest_aibench.session.plan import SampleKey
    from pytest_aibench.session.prompts import Prompts

__all__ = ["Process", "unfreeze_at_the_end"]


def unfreeze_at_the_end(config: pytest.Config) -> None:
    """Undo `gc.freeze` after pytest's own last collections, which take long where there is much.

    To be called before pytest's plugins are configured: cleanups are done last in, first out.
    """
    config.add_cleanup(gc.unfreeze)


class Process:
    """What this process is to the run; settings are read when a benchmark first needs them."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.service: GenerationService | None = None

    @cached_property
    def settings(self) -> Settings:
        try:
            return Settings.from_config(self._config)
        except UsageError as error:
            raise pytest.UsageError(str(error)) from error

    @cached_property
    def run(self) -> Run:
        if is_worker(self._config):
            return Run.join(self._config.workerinput)  # type: ignore[attr-defined]
        return Run.start(self.settings.cache_dir)

    @cached_property
    def engine(self) -> Engine:
        served = self.service is not None or bool(self.run.model_address)
        return Engine(self.settings, self.run, self._open_generator, asks_a_server=served)

    def _open_generator(self) -> Generator:
        from pytest_aibench.session.asking import open_generator

        if self.service is not None:
            return self.service.generator()
        return open_generator(self.settings, self.run)

    def invite(self, workerinput: dict[str, Any]) -> None:
        """Tell a worker what it needs to join this run."""
        address = self.service.address if self.service is not None else ""
        self.run.invite(workerinput, address)

    def requests(self, keys: Iterable[SampleKey], prompts: Callable[[], Prompts]) -> list[Request]:
        """What a server is going to be asked; nothing for a local model."""
        if self.service is None:
            return []
        return prompts().requests(keys, self.settings, self.service.identity)

    def identify(self) -> ModelIdentity:
        """Who answers in this run."""
        if self.service is not None:
            return self.service.identity
        generator = self._open_generator()
        try:
            return generator.identity
        finally:
            generator.close()

    def start_service(self) -> None:
        """Reach the model's server, in the controller; does nothing for a local model.

        Raises:
            pytest.UsageError: the model cannot be used.
        """
        from pytest_aibench.session.asking import start_service

        try:
            self.service = start_service(self.settings)
        except AibenchError as error:
            raise pytest.UsageError(str(error)) from error

    @cached_property
    def documents(self) -> Documents:
        """lm-eval's documents, as this process asks for them."""
        from pytest_aibench.lm_eval.items import Documents

        return Documents(self._config, self.engine)

    @cached_property
    def lm_eval(self) -> LmEvalRun | None:
        """lm-eval's tasks, in the controller of a session that names some."""
        if not self._config.getoption("lm_eval_tasks"):
            return None
        from pytest_aibench.lm_eval.options import LmEvalOptions
        from pytest_aibench.lm_eval.run import LmEvalRun

        try:
            self.settings.profile.task("lm-eval's tasks")
            options = LmEvalOptions.from_config(self._config)
        except UsageError as error:
            raise pytest.UsageError(str(error)) from error
        return LmEvalRun(options, self.settings, self.run)

    def plan_lm_eval(self) -> None:
        """Plan lm-eval's tasks, if any are named.

        Raises:
            pytest.UsageError: they cannot be measured.
        """
        if self.lm_eval is None:
            return
        try:
            self.lm_eval.plan(None if self._config.option.collectonly else self._scoring_fault)
        except AibenchError as error:
            raise pytest.UsageError(str(error)) from error

    def _scoring_fault(self, from_start: bool) -> str:
        if self.service is not None:
            return self.service.scoring_fault(from_start=from_start)
        from pytest_aibench.models.scoring import CANNOT_SCORE

        return CANNOT_SCORE

    @property
    def has_engine(self) -> bool:
        return "engine" in self.__dict__
