from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_aibench.generation.store import STORE_FILE, ReplyStore
from pytest_aibench.models.base import Reply, ReplyForm
from pytest_aibench.models.errors import StoreError

REPLY = Reply("text \ud800\x00é", ReplyForm.CHAT, "length", "why", 1, 2, 0.5, {"a": 1})


def key(number: int) -> bytes:
    return number.to_bytes(32, "big")


def opened(folder: Path) -> ReplyStore:
    return ReplyStore(folder / STORE_FILE)


def test_a_reply_survives_a_restart(tmp_path: Path) -> None:
    store = opened(tmp_path / "new" / "folder")
    assert store.get(key(1)) is None
    assert key(1) not in store
    assert store.put(key(1), "m", REPLY) == REPLY
    store.close()
    again = opened(tmp_path / "new" / "folder")
    assert again.get(key(1)) == REPLY
    assert key(1) in again
    again.close()


def test_the_first_of_two_runs_wins(tmp_path: Path) -> None:
    one, two = opened(tmp_path), opened(tmp_path)
    other = Reply("other", ReplyForm.CHAT)
    assert one.put(key(1), "m", REPLY) == REPLY
    assert two.put(key(1), "m", other) == REPLY
    one.close()
    two.close()


def test_that_a_reply_was_cached_is_not_stored(tmp_path: Path) -> None:
    store = opened(tmp_path)
    assert store.put(key(1), "m", Reply("x", ReplyForm.CHAT, facts={"cached": True})).facts == {}
    store.close()


@pytest.mark.parametrize("column", ["reply", "checksum"])
def test_a_damaged_reply_is_dropped(tmp_path: Path, column: str) -> None:
    store = opened(tmp_path)
    store.put(key(1), "m", REPLY)
    store.put(key(2), "m", REPLY)
    store._db.execute(f"UPDATE replies SET {column} = x'00ff' WHERE key = ?", key(1))
    assert store.get(key(1)) is None
    assert key(1) not in store
    assert store.get(key(2)) == REPLY
    assert store.damaged == 1
    store.close()


def test_replies_swapped_between_keys_are_damage(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.put(key(1), "m", REPLY)
    store._db.execute("UPDATE replies SET key = ?", key(2))
    assert store.get(key(2)) is None
    store.close()


def test_a_file_that_is_no_database_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).write_bytes(b"garbage" * 1000)
    store = opened(tmp_path)
    assert store.damaged == 1
    assert store.put(key(1), "m", REPLY) == REPLY
    store.close()
    kept = [path for path in tmp_path.iterdir() if ".broken-" in path.name]
    assert [path.read_bytes() for path in kept] == [b"garbage" * 1000]


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    opened(tmp_path).close()
    db = sqlite3.connect(tmp_path / STORE_FILE)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match=r"newer version.*--aibench-cache"):
        opened(tmp_path)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="--no-cache"):
        opened(tmp_path / "file")


def test_info_and_prune(tmp_path: Path) -> None:
    store = opened(tmp_path)
    for number in range(3):
        store.put(key(number), f"m{number % 2}", REPLY)
    store._db.execute("UPDATE replies SET used = used - 864000 WHERE key = ?", key(0))
    info = store.info()
    assert (info.replies, info.models) == (3, 2)
    assert info.bytes > 0
    assert info.oldest is not None
    assert store.prune(unused_days=5.0) == 1
    assert store.get(key(0)) is None
    assert store.prune() == 2
    assert store.info().oldest is None
    store.close()


def test_use_keeps_a_reply_from_being_pruned(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.put(key(1), "m", REPLY)
    store._db.execute("UPDATE replies SET used = used - 864000")
    store.get(key(1))
    assert store.prune(unused_days=5.0) == 0
    store.close()


WRITER = """
import sys
from pathlib import Path
from pytest_aibench.generation.store import ReplyStore
from pytest_aibench.models.base import Reply, ReplyForm
store = ReplyStore(Path(sys.argv[1]))
for number in range(100_000):
    store.put(number.to_bytes(32, "big"), "m", Reply("x" * 500, ReplyForm.CHAT))
    print(number, flush=True)
"""


def test_what_was_stored_survives_kill_9_while_another_run_reads(tmp_path: Path) -> None:
    reader = opened(tmp_path)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path / STORE_FILE)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    lines = [writer.stdout.readline() for _ in range(200)]
    os.kill(writer.pid, signal.SIGKILL)
    lines += writer.stdout.read().splitlines()
    writer.wait()
    writer.stdout.close()
    last = int([line for line in lines if line.strip()][-1])
    assert all(key(number) in reader for number in range(last + 1))
    reader.close()


def test_a_reply_costs_one_statement_each_way_however_many_there_are(tmp_path: Path) -> None:
    store = opened(tmp_path)
    statements: list[str] = []
    store._db._connection.set_trace_callback(statements.append)
    for number in range(300):
        store.put(key(number), "m", REPLY)
        assert key(number) in store
    words = [statement.split()[0] for statement in statements]
    assert words == ["INSERT", "SELECT", "SELECT"] * 300  # what was put is read back
    for statement in set(statements[:3]):
        plan = store._db.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        assert not any("SCAN" in row[3] for row in plan)
    store.close()
