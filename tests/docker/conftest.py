"""A real Docker engine for these tests; they skip where none answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pytest_aibench.errors import SandboxError
from pytest_aibench.records import Verdict
from pytest_aibench.sandbox.engine import connect
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.image import ensure_image
from pytest_aibench.sandbox.program import Program

_TOGETHER = 2


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


@pytest.fixture
def run() -> str:
    """Marks the containers of a test: nothing else on the machine has any of that name."""
    return uuid.uuid4().hex


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


@pytest.fixture
def judge(
    open_executor: Callable[..., DockerExecutor],
) -> Callable[[Sequence[Program]], list[Verdict]]:
    """Verdicts on many programs, by two executors at once."""

    def judge_share(programs: Sequence[Program]) -> list[Verdict]:
        executor = open_executor(remember=True)
        return [executor.execute(program) for program in programs]

    def judge_all(programs: Sequence[Program]) -> list[Verdict]:
        with ThreadPoolExecutor(_TOGETHER) as threads:
            shares = threads.map(judge_share, [programs[i::_TOGETHER] for i in range(_TOGETHER)])
        verdicts: list[Any] = [None] * len(programs)
        for i, share in enumerate(shares):
            verdicts[i::_TOGETHER] = share
        return verdicts

    return judge_all
