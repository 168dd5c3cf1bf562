"""SQLite files that several runs share: WAL, short statements, no transaction left open."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from pytest_aibench.models.errors import StoreError

__all__ = ["Database"]

_APPLICATION_ID = 0x41494231  # "AIB1"
_BUSY_SECONDS = 60.0


class Database:
    """One file, used from one thread; every statement is committed when it ends.

    `set_aside` says that the file was no database and was kept under another name.

    Raises:
        StoreError: the file cannot be opened, or a newer version wrote it; the message names it
            and the remedy.
    """

    def __init__(self, path: Path, schema: str, version: int) -> None:
        self.path = path
        self.set_aside = False
        self._schema = schema
        self._version = version
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = self._opened()
        except (OSError, sqlite3.Error) as error:
            raise self._failure(error) from error

    def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Raises `StoreError`: the disk is full, the file is damaged, or its folder is gone."""
        try:
            return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def size(self) -> int:
        """Bytes on disk, the write-ahead log included."""
        return sum(f.stat().st_size for f in self.path.parent.glob(self.path.name + "*"))

    def close(self) -> None:
        self._connection.close()

    def _opened(self) -> sqlite3.Connection:
        end = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                return self._connected()
            except sqlite3.OperationalError as error:
                # SQLite's own time-out does not cover the switch to WAL, which workers that start
                # together all try.
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
                time.sleep(0.01)
            except sqlite3.DatabaseError:
                if self.set_aside:
                    raise
                self._move_aside()

    def _connected(self) -> sqlite3.Connection:
        # Autocommit: what was written is safe from kill -9 as soon as its statement ends.
        connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > self._version:
            raise OSError("it was written by a newer version")
        connection.executescript(self._schema)
        if version < self._version:
            connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {self._version}")

    def _move_aside(self) -> None:
        """Keep what is no database for whoever wants to look at it."""
        self.set_aside = True
        for file in self.path.parent.glob(self.path.name + "*"):
            if ".broken-" not in file.name:
                file.replace(file.with_name(f"{file.name}.broken-{int(time.time())}"))

    def _failure(self, error: Exception) -> StoreError:
        return StoreError(
            f"the store {self.path} cannot be used ({error}); free or repair it, give another "
            "folder with --aibench-cache, or do without it with --no-cache"
        )
