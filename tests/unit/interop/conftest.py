"""A benchmark that the example files fit, known during these tests alone."""

from __future__ import annotations

import pytest

from pytest_aibench.problems import registry
from tests.unit.interop.files import BENCHMARK, SUMS


@pytest.fixture(autouse=True)
def sums(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._BENCHMARKS, BENCHMARK, SUMS)
