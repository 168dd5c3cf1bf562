"""What the plugin does with pytest-xdist; registered in a controller that has workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_aibench.session.plan import Plan
from pytest_aibench.session.prompts import Prompts

if TYPE_CHECKING:
    from pytest_aibench.session.controller_hooks import ControllerHooks
    from pytest_aibench.session.process import Process

__all__ = ["CRASH_RETRIES", "XdistHooks"]

CRASH_RETRIES = 2
"""How often a sample is run again whose worker died, before it counts as not measured."""


class XdistHooks:
    """Invites workers to the run, learns what they collected, re-runs what they dropped."""

    def __init__(self, process: Process, hooks: ControllerHooks) -> None:
        self._process = process
        self._hooks = hooks
        self._collected: list[str] | None = None

    @pytest.hookimpl
    def pytest_configure_node(self, node: Any) -> None:
        self._process.invite(node.workerinput)

    @pytest.hookimpl
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        if self._collected is None:
            self._collected = list(ids)
            run = self._process.run
            self._hooks.begin(Plan.read(run.plan_file), ids, lambda: Prompts.read(run.prompts_file))
        # Every worker sends the same strings; one copy is enough.
        if ids == self._collected:
            ids[:] = self._collected

    @pytest.hookimpl
    def pytest_handlecrashitem(self, crashitem: str, report: Any, sched: Any) -> None:
        if not self._hooks.active:
            return
        controller = self._hooks.controller
        lm_eval = self._process.lm_eval
        if crashitem not in controller.outstanding and not (lm_eval and lm_eval.awaits(crashitem)):
            report.outcome = "rerun"
            return
        controller.crashes[crashitem] += 1
        if controller.crashes[crashitem] > CRASH_RETRIES:
            report.longrepr = f"the worker died {CRASH_RETRIES + 1} times while it ran this sample"
            return
        report.outcome = "rerun"
        try:
            sched.mark_test_pending(crashitem)
        except NotImplementedError:
            # The loadscope family gives the whole scope to the next worker by itself.
            return
