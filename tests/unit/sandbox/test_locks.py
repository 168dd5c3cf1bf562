from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_aibench.errors import SandboxError
from pytest_aibench.sandbox.locks import Slots, file_lock, usable_cores

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    yield tmp_path
    monkeypatch.setattr("tempfile.tempdir", None)


def most_at_once(slots: int, workers: int, *, exclusive: bool = False) -> int:
    inside, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal inside, most
        own = Slots(slots)
        for _ in range(5):
            with own.all() if exclusive else own.one():
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.002)
                with lock:
                    inside -= 1
        own.close()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return most


@pytest.mark.parametrize("slots", [1, 2, 3])
def test_as_many_run_at_once_as_there_are_slots(slots: int) -> None:
    assert most_at_once(slots, 6) == slots


def test_all_means_alone() -> None:
    assert most_at_once(3, 4, exclusive=True) == 1


def test_all_waits_for_every_one(own_folder: Path) -> None:
    first, second = Slots(2), Slots(2)
    order: list[str] = []
    with first.one():
        waiting = threading.Thread(target=lambda: enter(second, order))
        waiting.start()
        time.sleep(0.05)
        order.append("one ends")
    waiting.join()
    assert order == ["one ends", "alone"]
    first.close()
    second.close()


def enter(slots: Slots, order: list[str]) -> None:
    with slots.all():
        order.append("alone")


def test_a_killed_process_holds_no_slot(own_folder: Path) -> None:
    program = (
        "import sys, time; from pytest_aibench.sandbox.locks import Slots\n"
        "with Slots(1).one(): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=ROOT)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.send_signal(signal.SIGKILL)
    slots = Slots(1)
    with slots.one():
        pass
    slots.close()


def test_file_lock_is_exclusive() -> None:
    order: list[str] = []

    def second() -> None:
        with file_lock("x"):
            order.append("second")

    with file_lock("x"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.02)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(own_folder: Path) -> None:
    folder = own_folder / f"aibench-{os.getuid()}"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    with pytest.raises(SandboxError, match="belongs to another user"):
        Slots(1)


def test_usable_cores() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
