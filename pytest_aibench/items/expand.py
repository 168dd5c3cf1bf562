"""For consumers that want three phases: the two that a sample's single report leaves out.

JUnit XML and pytest-json-report assemble a test from setup, call and teardown. Registered in the
controller only where one of them is active.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from pytest_aibench.items.protocol import is_single

__all__ = ["PhaseExpander", "wants_phases"]


def wants_phases(config: pytest.Config) -> bool:
    """Whether a report is asked for that is made of phases."""
    option = config.option
    return bool(getattr(option, "xmlpath", None) or getattr(option, "json_report", False))


class PhaseExpander:
    """Surrounds the single report of a sample with a setup and a teardown."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None, Any, Any]:
        single = is_single(report)
        if single and report.when == "call":
            self._log(report, "setup")
        result = yield
        if single:
            self._log(report, "teardown")
        return result

    def _log(self, report: pytest.TestReport, when: Any) -> None:
        phase = pytest.TestReport(
            nodeid=report.nodeid,
            location=report.location,
            keywords=report.keywords,
            outcome="passed",
            longrepr=None,
            when=when,
            start=report.start,
            stop=report.start,
            user_properties=report.user_properties if when == "teardown" else (),
        )
        for name in ("node", "worker_id", "item_index", "testrun_uid"):
            if hasattr(report, name):
                setattr(phase, name, getattr(report, name))
        self._config.hook.pytest_runtest_logreport(report=phase)
