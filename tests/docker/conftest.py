"""A real Docker engine for these tests; they skip where none answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pytest_aibench.errors import SandboxError
from pytest_aibench.sandbox.engine import connect
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.image import ensure_image


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/docker/" in item.nodeid:
            item.add_marker(pytest.mark.docker)


@pytest.fixture(scope="session")
def client() -> Iterator[Any]:
    try:
        client = connect()
    except SandboxError as error:
        pytest.skip(str(error))
    yield client
    client.close()


@pytest.fixture(scope="session")
def image(client: Any) -> str:
    """Digest of the Python image, built once."""
    return ensure_image(client).digest


@pytest.fixture(scope="session")
def executor(image: str) -> Iterator[DockerExecutor]:
    """Shared by tests that leave it as they found it; it remembers nothing."""
    executor = DockerExecutor(run_id="tests", remember=False)
    yield executor
    executor.close()


@pytest.fixture
def open_executor(image: str) -> Iterator[Callable[..., DockerExecutor]]:
    """Makes executors of a test's own, closed after it."""
    opened: list[DockerExecutor] = []

    def open_(**settings: Any) -> DockerExecutor:
        opened.append(DockerExecutor(**{"run_id": "tests", "remember": False, **settings}))
        return opened[-1]

    yield open_
    for executor in opened:
        executor.close()
