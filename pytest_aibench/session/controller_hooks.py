"""Hooks of the process that sees every report, with and without pytest-xdist."""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from pytest_aibench.errors import AibenchError
from pytest_aibench.items.expand import PhaseExpander, wants_phases
from pytest_aibench.session.plan import Plan
from pytest_aibench.session.prompts import Prompts
from pytest_aibench.session.telling import tell_junit, usage_of

if TYPE_CHECKING:
    from pytest_aibench.models.base import Request
    from pytest_aibench.session.controller import Controller
    from pytest_aibench.session.live import Live
    from pytest_aibench.session.process import Process

__all__ = ["ControllerHooks"]

_STATUS: dict[str, tuple[str, str, tuple[str, dict[str, bool]]]] = {
    "solved": ("solved", ".", ("SOLVED", {"green": True})),
    "unsolved": ("unsolved", "u", ("UNSOLVED", {"yellow": True})),
    "error": ("error", "E", ("NOT MEASURED", {"red": True})),
    "failed": ("failed", "F", ("UNSOLVED", {"red": True})),
}


class ControllerHooks:
    """Accounting, live line, reports and exit code of a run."""

    def __init__(self, config: pytest.Config, process: Process) -> None:
        self._config = config
        self._process = process
        self._live: Live | None = None
        self._begun = False

    @cached_property
    def controller(self) -> Controller:
        from pytest_aibench.session.controller import Controller

        try:
            return Controller(self._process.settings, self._process.run)
        except AibenchError as error:
            raise pytest.UsageError(str(error)) from error

    def begin(self, plan: Plan, nodeids: Sequence[str], prompts: Callable[[], Prompts]) -> None:
        """Start the run for the samples among `nodeids`; nothing happens if there is none.

        `prompts` is called where a server is to be asked ahead of the items.

        Raises:
            pytest.UsageError: the run cannot begin; one sentence says why and what to do.
        """
        lm_eval = self._process.lm_eval
        if not (plan.functions or lm_eval) or self._config.option.collectonly:
            return
        controller = self.controller
        controller.expect(plan, nodeids)
        asked = lm_eval.expect(nodeids) if lm_eval else []
        from pytest_aibench.session.prepare import prepare, prompt_digest

        try:
            prepared = prepare(
                plan, controller.settings, self._config.rootpath, self._process.identify, self._say,
                controller.hosts, more_languages=lm_eval.languages if lm_eval else (),
            )  # fmt: skip
            requests = self._process.requests(controller.outstanding.values(), prompts)
            prepared.prompt_digest = prompt_digest(requests)
            for line in controller.begin(prepared, lambda: self._ask([*requests, *asked])):
                self._say(line)
        except AibenchError as error:
            raise pytest.UsageError(str(error)) from error
        self._begun = True
        gc.freeze()  # what was collected is garbage of no collection
        self._show()

    def _ask(self, requests: Sequence[Request]) -> None:
        if self._process.service is not None:
            self._process.service.plan(requests)

    def _say(self, line: str) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.ensure_newline()
            reporter.write_line(f"aibench: {line}")

    @property
    def active(self) -> bool:
        """Whether a run has begun."""
        return self._begun

    def _show(self) -> None:
        if wants_phases(self._config):
            self._config.pluginmanager.register(PhaseExpander(self._config), "aibench-phases")
        total = len(self.controller.outstanding)
        if total and self._config.get_verbosity() == 0:
            from pytest_aibench.session.live import Live

            self._live = Live(self._config, total, self._process.service)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        # Before xdist starts its workers (trylast): they are told where to ask.
        self._session = session
        if self._config.getoption("model") and not self._config.option.collectonly:
            self.controller  # noqa: B018 - refuses a wrong demand before the model is reached
            self._process.start_service()
        self._process.plan_lm_eval()

    def _stop_if_halted(self) -> None:
        service = self._process.service
        if service is None or service.halted is None or self.controller.halted is not None:
            return
        self.controller.halted = service.halted
        self._session.shouldstop = str(service.halted)
        distribution = self._config.pluginmanager.getplugin("dsession")
        if distribution is not None:
            distribution.shouldstop = str(service.halted)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, Any, Any]:
        if self._process.has_engine and not session.testsfailed:
            plan = Plan.of(session.items, self._process.settings.n_samples)
            engine = self._process.engine
            nodeids = [item.nodeid for item in session.items]
            self.begin(plan, nodeids, lambda: Prompts.of(session.items, engine))
        try:
            return (yield)
        finally:
            if self._live is not None:
                self._live.finish()

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: Any) -> Any:
        if not self.active:
            return None
        if report.outcome == "rerun":
            return "rerun", "R", ("RERUN", {"yellow": True})
        if not hasattr(report, "aibench"):
            return self._status_of_other(report)
        category, letter, word = _STATUS[_outcome(report)]
        return (category, "", "") if self._live is not None else (category, letter, word)

    def _status_of_other(self, report: Any) -> Any:
        if report.failed and report.nodeid in self.controller.outstanding:
            return _STATUS["error"]
        if self._live is not None and report.skipped and not hasattr(report, "wasxfail"):
            return "skipped", "", ""
        lm_eval = self._process.lm_eval
        if self._live is not None and lm_eval and lm_eval.awaits(report.nodeid) and report.passed:
            return ("passed" if report.when == "call" else ""), "", ""
        return None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None, Any, Any]:
        result = yield
        if self.active:
            if self._process.lm_eval is not None:
                self._process.lm_eval.saw(report)
            record = self.controller.count(report)
            if record is not None and self._live is not None:
                self._live.update(record)
            self._stop_if_halted()
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(
        self, session: pytest.Session, exitstatus: int
    ) -> Generator[None, Any, Any]:
        if self.active:
            if self._process.service is not None:
                self.controller.generation = usage_of(self._process.service)
                self.controller.warnings += self._process.service.warnings
            if self._process.lm_eval is not None:
                self.controller.add_lm_eval(self._process.lm_eval, session)
            self.controller.finish(session, exitstatus)
            session.exitstatus = self.controller.decision.exit_code(int(session.exitstatus))
            tell_junit(self._config, self.controller.decision)
            gc.freeze()  # nor are the reports
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_json_modifyreport(self, json_report: dict[str, Any]) -> None:
        if self.active:
            json_report["aibench"] = self.controller.report()

    def pytest_unconfigure(self) -> None:
        if self._process.service is not None:
            self._process.service.close()

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.active:
            from pytest_aibench.session.closing import write_closing

            write_closing(self.controller, terminalreporter)


def _outcome(report: pytest.TestReport) -> str:
    if report.failed:
        return "error" if report.when == "setup" else "failed"
    return "solved" if report.passed else "unsolved"
