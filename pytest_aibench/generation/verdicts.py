"""Verdicts on disk: a program that was judged by this image within these limits is not run again.

Time-outs by the clock are never stored: they are the verdicts that a repetition might change. What
could not be measured is no verdict in the first place.
"""

from __future__ import annotations

import hashlib
import json
import time
import zlib
from dataclasses import asdict
from pathlib import Path

from pytest_aibench.generation.database import Database
from pytest_aibench.records import Verdict, VerdictKind

__all__ = ["VERDICT_FILE", "VerdictStore", "verdict_key"]

VERDICT_FILE = "verdicts.sqlite3"
_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS verdicts (
    key BLOB PRIMARY KEY,
    created REAL NOT NULL,
    verdict BLOB NOT NULL,
    checksum BLOB NOT NULL
) WITHOUT ROWID;
"""
_MOST_OUTPUT = 16 << 10  # characters; verdicts with more are not worth their space


def verdict_key(image_digest: str, *parts: str) -> bytes:
    """32 bytes for a program: `parts` are its language, texts, limits and rules, as texts.

    The lengths are in it, so that no two lists of parts are one text.
    """
    digest = hashlib.sha256()
    for part in (image_digest, *parts):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data) + data)
    return digest.digest()


class VerdictStore:
    """The verdicts in one file; every worker has a store of its own on it.

    Raises:
        StoreError: the file cannot be used; from any method.
    """

    def __init__(self, path: Path) -> None:
        self._db = Database(path, _SCHEMA, _SCHEMA_VERSION)

    def get(self, key: bytes) -> Verdict | None:
        """The verdict stored under `key`, None where there is none that is whole."""
        row = self._db.execute(
            "SELECT verdict, checksum FROM verdicts WHERE key = ?", key
        ).fetchone()
        if row is None or row[1] != _checksum(key, row[0]):
            return None
        data = json.loads(zlib.decompress(row[0]))
        return Verdict(**{**data, "kind": VerdictKind(data["kind"])})

    def put(self, key: bytes, verdict: Verdict) -> None:
        """Store `verdict` unless the clock decided it or it holds much output."""
        size = len(verdict.stdout) + len(verdict.stderr)
        if verdict.by_the_clock or size > _MOST_OUTPUT:
            return
        packed = zlib.compress(json.dumps(asdict(verdict)).encode("ascii"), 1)
        self._db.execute(
            "INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?)",
            key, time.time(), packed, _checksum(key, packed),
        )  # fmt: skip

    def prune(self, *, older_than_days: float = 0.0) -> int:
        """Drop verdicts made more than so many days ago (0: all); returns how many."""
        limit = time.time() - older_than_days * 86400.0
        dropped = self._db.execute("DELETE FROM verdicts WHERE created <= ?", limit).rowcount
        self._db.execute("VACUUM")
        return dropped

    def close(self) -> None:
        self._db.close()


def _checksum(key: bytes, packed: bytes) -> bytes:
    return hashlib.sha256(key + packed).digest()[:16]
