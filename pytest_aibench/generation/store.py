"""Replies on disk, so that no request is sent twice: SQLite in WAL mode, keyed by content.

Several runs may use one store at once. Every reply is committed when it arrives and carries a
checksum; what does not match its checksum is dropped and asked for again.
"""

from __future__ import annotations

import hashlib
import time
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_aibench.generation.database import Database
from pytest_aibench.generation.wire import pack, reply_from_wire, reply_to_wire, unpack
from pytest_aibench.models.base import Reply

__all__ = ["STORE_FILE", "ReplyStore", "StoreInfo"]

STORE_FILE = "replies.sqlite3"
_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS replies (
    key BLOB PRIMARY KEY,
    model TEXT NOT NULL,
    created REAL NOT NULL,
    used REAL NOT NULL,
    reply BLOB NOT NULL,
    checksum BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS replies_by_use ON replies (used);
"""


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What a store holds; `bytes` on disk, `oldest` and `newest` as Unix times of their making."""

    path: Path
    replies: int
    models: int
    bytes: int
    oldest: float | None
    newest: float | None


class ReplyStore:
    """The replies in one file. Used from one thread; other processes have stores of their own.

    `damaged` counts what was found broken: rows that were dropped, and 1 for a file that was no
    database and was set aside.

    Raises:
        StoreError: the file cannot be opened or written; the message names it and the remedy.
    """

    def __init__(self, path: Path) -> None:
        self._db = Database(path, _SCHEMA, _SCHEMA_VERSION)
        self.damaged = int(self._db.set_aside)

    def get(self, key: bytes) -> Reply | None:
        """The reply stored under `key`, None where there is none that is whole."""
        row = self._db.execute(
            "SELECT reply, checksum, used FROM replies WHERE key = ?", key
        ).fetchone()
        if row is None:
            return None
        reply = _whole(key, row[0], row[1])
        if reply is None:
            self.damaged += 1
            self._db.execute("DELETE FROM replies WHERE key = ?", key)
        elif time.time() - row[2] > _USE_RESOLUTION:
            self._db.execute("UPDATE replies SET used = ? WHERE key = ?", time.time(), key)
        return reply

    def __contains__(self, key: bytes) -> bool:
        return self._db.execute("SELECT 1 FROM replies WHERE key = ?", key).fetchone() is not None

    def put(self, key: bytes, model: str, reply: Reply) -> Reply:
        """Store `reply` and give back what the store holds: another run may have been first."""
        now, packed = time.time(), _packed(reply)
        self._db.execute(
            "INSERT OR IGNORE INTO replies VALUES (?, ?, ?, ?, ?, ?)",
            key, model, now, now, packed, _checksum(key, packed),
        )  # fmt: skip
        return self.get(key) or reply

    def info(self) -> StoreInfo:
        count, models, oldest, newest = self._db.execute(
            "SELECT count(*), count(DISTINCT model), min(created), max(created) FROM replies"
        ).fetchone()
        return StoreInfo(self._db.path, count, models, self._db.size(), oldest, newest)

    def prune(self, *, unused_days: float = 0.0) -> int:
        """Drop replies that no run used for `unused_days` days (0: all); returns how many."""
        limit = time.time() - unused_days * 86400.0
        dropped = self._db.execute("DELETE FROM replies WHERE used <= ?", limit).rowcount
        self._db.execute("VACUUM")
        return dropped

    def close(self) -> None:
        self._db.close()


_USE_RESOLUTION = 3600.0  # seconds; so that a warm run does not write once a reply


def _packed(reply: Reply) -> bytes:
    facts = {name: value for name, value in reply.facts.items() if name != "cached"}
    return zlib.compress(pack(reply_to_wire(replace(reply, facts=facts))), 1)


def _checksum(key: bytes, packed: bytes) -> bytes:
    return hashlib.sha256(key + packed).digest()[:16]


def _whole(key: bytes, packed: bytes, checksum: bytes) -> Reply | None:
    if _checksum(key, packed) != checksum:
        return None
    try:
        return reply_from_wire(unpack(zlib.decompress(packed)))
    except (ValueError, KeyError, TypeError, zlib.error):
        return None
