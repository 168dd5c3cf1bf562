"""Hooks that concern a single sample: how it runs, how it is reported, how reports travel."""

from __future__ import annotations

import gc
from collections.abc import Generator
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from pytest_aibench.items.item import SampleItem, one_report_is_enough
from pytest_aibench.items.protocol import record_of, run_item, shape_report
from pytest_aibench.items.wire import pack, unpack
from pytest_aibench.lm_eval.items import DocumentItem
from pytest_aibench.session.notes import journal_entry
from pytest_aibench.session.plan import Plan
from pytest_aibench.session.prompts import Prompts
from pytest_aibench.session.run import is_worker

if TYPE_CHECKING:
    from pytest_aibench.session.process import Process

__all__ = ["SampleHooks"]

_EXECUTOR = "pytest_aibench.sandbox.executor"


class SampleHooks:
    """Registered wherever samples may run, and in the controller, which unpacks their reports."""

    def __init__(self, config: pytest.Config, process: Process) -> None:
        self._config = config
        self._process = process

    # First, for xdist's own tells the controller, which then reads the plan.
    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if not self._process.has_engine or self._config.option.collectonly:
            return
        engine = self._process.engine
        if engine.settings.checks_solutions:
            from pytest_aibench.session.preflight import note_solutions

            note_solutions(session.items, engine)
        if is_worker(self._config):
            if engine.run.model_address:
                Prompts.of(session.items, engine).write(engine.run.prompts_file)
            plan = Plan.of(session.items, engine.settings.n_samples)
            plan.write(engine.run.plan_file)
            gc.freeze()  # items are garbage of no collection
            if plan.languages:
                # What the first sample needs loads while the controller makes ready.
                Thread(target=import_module, args=[_EXECUTOR], daemon=True).start()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Any:
        if isinstance(item, SampleItem | DocumentItem) and one_report_is_enough(item.config):
            return run_item(item, nextitem)
        return None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if isinstance(item, SampleItem):
            shape_report(item, call, report)
            if item.record is not None and call.when != "teardown":
                item.shared.engine.note(journal_entry(item))
        return report

    @pytest.hookimpl(optionalhook=True)
    def pytest_json_runtest_metadata(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> dict[str, Any] | None:
        record = record_of(item, call) if isinstance(item, SampleItem) else None
        return {"aibench": record.to_dict()} if record is not None else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_to_serializable(self, report: object) -> dict[str, Any] | None:
        return pack(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_from_serializable(self, data: dict[str, Any]) -> pytest.TestReport | None:
        return unpack(data)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        if self._process.has_engine:
            self._process.engine.close()
            gc.freeze()
