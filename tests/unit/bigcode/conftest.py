from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_aibench.bigcode.benchmarks import benchmark_of
from pytest_aibench.bigcode.options import BigCodeOptions
from tests.unit.bigcode.harness import write_harness


@pytest.fixture
def no_harness(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing named `bigcode_eval` can be imported, whatever is installed here."""
    _forget(monkeypatch)
    monkeypatch.setitem(sys.modules, "bigcode_eval", None)
    monkeypatch.setattr("pytest_aibench.bigcode.harness.is_installed", lambda: False)
    benchmark_of.cache_clear()
    yield
    benchmark_of.cache_clear()


@pytest.fixture
def harness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The harness in miniature, importable; gone after the test."""
    write_harness(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    _forget(monkeypatch)
    before = set(sys.modules)
    benchmark_of.cache_clear()
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in _PACKAGES:
            del sys.modules[name]
    benchmark_of.cache_clear()


@pytest.fixture
def options() -> BigCodeOptions:
    return BigCodeOptions((), None, None)


_PACKAGES = ("bigcode_eval", "evaluate")


def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide what other tests imported, until the end of this one."""
    for name in [n for n in sys.modules if n.partition(".")[0] in _PACKAGES]:
        monkeypatch.delitem(sys.modules, name)
