"""Two messages about a sample leave the worker as one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from execnet.gateway_base import Popen2IO, get_execmodel

from pytest_aibench.items.protocol import _SINGLE
from pytest_aibench.session.worker_hooks import JoinedMessages


@pytest.fixture
def pipe() -> Iterator[tuple[int, Popen2IO]]:
    """What a controller reads from, and execnet's end of the worker."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with os.fdopen(writing, "w") as out, os.fdopen(reading) as source:
        yield reading, Popen2IO(out, source, get_execmodel("thread"))


def send_report(io: Popen2IO, *, single: bool) -> None:
    """What happens in a worker when xdist sends a report."""
    report = pytest.TestReport("t", ("t", 0, "t"), {}, "passed", None, "call")
    if single:
        setattr(report, _SINGLE, True)
    hooks = JoinedMessages(SimpleNamespace(gateway=SimpleNamespace(_io=io)))
    sending = hooks.pytest_runtest_logreport(report)
    next(sending)
    io.write(b"report,")
    sending.close()


def test_the_report_of_a_sample_waits_for_the_next_message(pipe: tuple[int, Popen2IO]) -> None:
    reading, io = pipe
    send_report(io, single=True)
    with pytest.raises(BlockingIOError):
        os.read(reading, 99)
    io.write(b"complete")
    assert os.read(reading, 99) == b"report,complete"


def test_any_other_report_is_sent_at_once(pipe: tuple[int, Popen2IO]) -> None:
    reading, io = pipe
    send_report(io, single=False)
    assert os.read(reading, 99) == b"report,"
