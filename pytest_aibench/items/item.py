"""`SampleItem`: a pytest item that shares all it can with the other samples of its function.

A parametrised pytest function costs about twice the time and memory of such an item: markers,
keywords and the fixture closure are found once a function, the fixture request is made when the
item runs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest._code.code import TerminalRepr
from _pytest.fixtures import TopRequest

from pytest_aibench.errors import AibenchError
from pytest_aibench.items.phases import QuietHooks
from pytest_aibench.items.sample import Sample, SandboxFixture
from pytest_aibench.records import one_line

if TYPE_CHECKING:
    from pytest_aibench.items.sample import Engine
    from pytest_aibench.problems.problem import Dataset, Problem
    from pytest_aibench.records import SampleRecord

__all__ = ["BenchmarkFunction", "SampleItem", "one_report_is_enough", "sample_id"]


def sample_id(problem: str, index: int) -> str:
    """The part of a node id in brackets: `HumanEval/0-s003`."""
    return f"{problem}-s{index:03d}"


def one_report_is_enough(config: pytest.Config) -> bool:
    """Not where the user watches pytest's own three phases."""
    option = config.option
    return not (option.setupshow or option.setuponly or option.usepdb)


class BenchmarkFunction:
    """What all samples of one test function have in common.

    `label` tells its benchmarks apart where the function has several.
    """

    def __init__(
        self,
        collector: pytest.Collector,
        name: str,
        function: Callable[..., object],
        benchmark: str,
        dataset: Dataset,
        engine: Engine,
        label: str = "",
    ) -> None:
        # A throw-away Function is pytest's own way to find fixtures and markers.
        template: Any = pytest.Function.from_parent(collector, name=name)
        self.nodeid: str = template.nodeid + label
        self.name = name + label
        self.attribute = name
        self.function = function
        self.fixtureinfo = template._fixtureinfo
        self.markers: list[pytest.Mark] = list(template.own_markers)
        self.keywords: dict[str, Any] = {mark.name: mark for mark in self.markers} | {name: True}
        self.report_keywords: dict[str, Any] = dict.fromkeys(self.keywords, 1)
        self.line = function.__code__.co_firstlineno - 1
        self.relative_path = collector.session._node_location_to_relpath(collector.path)
        self.benchmark = benchmark
        self.dataset = dataset
        self.engine = engine
        self.provided = _provided(self.fixtureinfo)
        self._plugins = collector.config.pluginmanager

    @cached_property
    def quiet(self) -> QuietHooks | None:
        """How to set its items up and tear them down without capturing, where that is possible."""
        hooks = QuietHooks(self._plugins) if self.provided else None
        return hooks if hooks is not None and hooks.possible else None

    @property
    def needs_sandbox(self) -> bool:
        return "sandbox" in self.fixtureinfo.names_closure


class SampleItem(pytest.Item):
    """One sample of one problem."""

    # Pytest's runner reads both and calls `_initrequest` where the request is falsy.
    _request: TopRequest | None = None
    funcargs: dict[str, Any] | None = None
    record: SampleRecord | None = None
    sample: Sample | None = None

    def __init__(
        self, *, shared: BenchmarkFunction, problem: Problem, index: int, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.shared = shared
        self.problem = problem
        self.index = index
        self.own_markers = shared.markers
        self.keywords.update(shared.keywords)

    @property
    def obj(self) -> Callable[..., object]:
        return self.shared.function

    function = obj

    @property
    def quiet(self) -> QuietHooks | None:
        return self.shared.quiet

    @property
    def originalname(self) -> str:
        return self.shared.name

    @property
    def fixturenames(self) -> list[str]:
        names: list[str] = self.shared.fixtureinfo.names_closure
        return names

    @property
    def _fixtureinfo(self) -> Any:
        return self.shared.fixtureinfo

    def _initrequest(self) -> None:
        self.funcargs = {}
        self.sample = Sample(self.shared.benchmark, self.problem, self.index, self.shared.engine)
        self._request = TopRequest(self, _ispytest=True)  # type: ignore[arg-type]

    def release(self) -> None:
        """Forget everything that only the running item needs."""
        self._request = None
        self.funcargs = None
        self.sample = None
        self.record = None

    def setup(self) -> None:
        assert self._request is not None
        if self.shared.provided and one_report_is_enough(self.config):
            self.funcargs = {"sample": self.sample, "sandbox": SandboxFixture(self.shared.engine)}
        else:
            self._request._fillfixtures()

    def runtest(self) -> None:
        assert self.funcargs is not None
        function = self.shared.function
        if isinstance(self.parent, pytest.Class):
            function = getattr(self.parent.newinstance(), self.shared.attribute)  # type: ignore[no-untyped-call]
        function(**{name: self.funcargs[name] for name in self.shared.fixtureinfo.argnames})

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> str | TerminalRepr:
        """One line for what is expected to happen, a traceback for all else.

        A traceback costs some milliseconds, more than the sandbox needs for a program.
        """
        if isinstance(excinfo.value, AssertionError | AibenchError):
            return one_line(str(excinfo.value))
        return super().repr_failure(excinfo, style)

    def _traceback_filter(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
        inside = excinfo.traceback.cut(path=self.path)
        return inside if len(inside) else excinfo.traceback

    @property
    def location(self) -> tuple[str, int, str]:
        """What pytest would make of `reportinfo`, anew for each item."""
        return self.shared.relative_path, self.shared.line, self.name

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.shared.line, self.name


def _provided(fixtureinfo: Any) -> bool:
    """Whether a function asks for nothing but our own fixtures, which need no looking up.

    Pytest makes five requests an item to find them, which costs more than the item's own report.
    """
    names = set(fixtureinfo.names_closure) - {"request"}
    if "request" in fixtureinfo.argnames or not names <= {"sample", "sandbox"}:
        return False
    found = (fixtureinfo.name2fixturedefs[name][-1].func.__module__ for name in names)
    return all(module == "pytest_aibench.plugin" for module in found)
