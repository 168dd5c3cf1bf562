"""Shared by all tests: a clean environment, real data where it is, a real Docker engine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine decides no result: no example has a deadline.
settings.register_profile("aibench", deadline=None)
settings.load_profile("aibench")

pytest_plugins = ["pytester"]

_VARIABLES = ("OLLAMA_HOST", "OPENAI_API_KEY", "OPENAI_BASE_URL", "AIBENCH_CACHE")
_DATA = os.environ.get("AIBENCH_DATA")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of the person who runs the tests decide no result."""
    for name in (*_VARIABLES, "AIBENCH_DATA", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder with public data sets and real model output; skips where it is absent."""
    if not _DATA or not Path(_DATA).is_dir():
        pytest.skip("set AIBENCH_DATA to the folder with the public data sets")
    return Path(_DATA)
