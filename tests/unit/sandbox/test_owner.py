from __future__ import annotations

import os
import signal

import pytest

from pytest_aibench.sandbox.owner import LABEL, _is_orphan, _start_time, owner_labels

LABELS = owner_labels("run", "gw0")


def test_labels_name_run_worker_and_process() -> None:
    assert LABELS[f"{LABEL}.run"] == "run"
    assert LABELS[f"{LABEL}.worker"] == "gw0"
    assert LABELS[f"{LABEL}.pid"] == str(os.getpid())
    assert LABELS[f"{LABEL}.started"].isdigit()
    assert all(isinstance(value, str) for value in LABELS.values())


@pytest.mark.parametrize(
    ("changes", "orphan"),
    [
        ({}, False),
        ({"started": "1"}, True),
        ({"pid": "4194305"}, True),  # above the kernel's largest
        ({"pid": "4194305", "boot": "other"}, False),
        ({"pid": "4194305", "namespace": "pid:[1]"}, False),
        ({"pid": "nonsense"}, False),
    ],
)
def test_who_is_an_orphan(changes: dict[str, str], orphan: bool) -> None:
    labels = {**LABELS, **{f"{LABEL}.{name}": value for name, value in changes.items()}}
    assert _is_orphan(labels) is orphan


def test_labels_of_something_else_are_no_orphan() -> None:
    assert not _is_orphan({LABEL: "sandbox"})


def test_start_time_of_nobody_is_empty() -> None:
    assert _start_time(4194305) == ""


def test_killed_process_that_nobody_waited_for_is_nobody() -> None:
    pid = os.fork()
    if not pid:
        signal.pause()
    assert _start_time(pid).isdigit()
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    try:
        assert _start_time(pid) == ""
    finally:
        os.waitpid(pid, 0)
