from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.generation.database import Database
from pytest_aibench.models.errors import StoreError

SCHEMA = "CREATE TABLE IF NOT EXISTS t (x INTEGER);"


def _write(path: Path, barrier: Barrier, failures: Any) -> None:
    barrier.wait()
    try:
        database = Database(path, SCHEMA, 1)
        for number in range(20):
            database.execute("INSERT INTO t VALUES (?)", number)
        database.close()
        failures.put("")
    except Exception as error:
        failures.put(repr(error))


def test_processes_that_start_together_all_get_in(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for attempt in range(5):
        path, barrier, failures = tmp_path / f"{attempt}", context.Barrier(8), context.Queue()
        writers = [context.Process(target=_write, args=(path, barrier, failures)) for _ in range(8)]
        for writer in writers:
            writer.start()
        outcomes = [failures.get(timeout=60) for _ in writers]
        for writer in writers:
            writer.join()
        assert outcomes == [""] * 8
        database = Database(path, SCHEMA, 1)
        assert database.execute("SELECT count(*) FROM t").fetchone() == (160,)
        database.close()


def test_what_it_cannot_do_is_told_with_the_remedy(tmp_path: Path) -> None:
    database = Database(tmp_path / "d", SCHEMA, 1)
    with pytest.raises(StoreError, match=r"no such table: u.*--aibench-cache"):
        database.execute("SELECT * FROM u")
    database.close()


def test_a_file_that_is_no_database_is_moved_once(tmp_path: Path) -> None:
    (tmp_path / "d").write_bytes(b"x" * 5000)
    database = Database(tmp_path / "d", SCHEMA, 1)
    assert database.set_aside
    assert database.size() > 0
    database.close()
    again = Database(tmp_path / "d", SCHEMA, 1)
    assert not again.set_aside
    again.close()
