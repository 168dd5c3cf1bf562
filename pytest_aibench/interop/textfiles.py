"""JSON and text in files, plain or gzip: read with the place of every fault, written as found."""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from pytest_aibench.errors import DataError

__all__ = [
    "field_of",
    "file_name",
    "first_row",
    "forget",
    "json_lines",
    "read_json",
    "read_text",
    "read_value",
    "write_bytes",
    "write_json",
    "write_json_lines",
]

_PLAIN = re.compile(r"\w[\w.+-]{0,200}")
_GZIP = b"\x1f\x8b"


def read_text(path: Path) -> str:
    """The text of a file, unpacked if it is gzip; line ends as they are. Raises `DataError`."""
    try:
        with _opened(path) as file:
            return file.read().decode("utf-8", "surrogatepass")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def read_json(path: Path) -> Any:
    """The value in a JSON file. Raises `DataError`."""
    try:
        return json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: not JSON ({error}); restore the file from a copy") from error


@lru_cache(maxsize=1)
def read_value(path: Path) -> Any:
    """As `read_json`; None where the file is not JSON or cannot be read, for detection.

    Remembered until `forget`, as every format looks at the same file.
    """
    try:
        return read_json(path)
    except DataError:
        return None


def json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The place (`FILE:LINE`) and the object of each line that is not blank.

    Raises:
        DataError: the file cannot be read, or a line is no JSON object.
    """
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, start=1):
                if not line.isspace():
                    yield f"{path}:{number}", _object(line, f"{path}:{number}")
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from error


@lru_cache(maxsize=1)
def first_row(path: Path) -> dict[str, Any] | None:
    """The first line's object; None where the file does not begin with one. Remembered."""
    try:
        return next((row for _, row in islice(json_lines(path), 1)), None)
    except DataError:
        return None


def forget() -> None:
    """Forget what detection remembered."""
    first_row.cache_clear()
    read_value.cache_clear()


def field_of(row: Any, key: str, kind: type | tuple[type, ...], where: str) -> Any:
    """`row[key]`, which has to be of `kind`, of a JSON object. Raises `DataError` with `where`."""
    if not isinstance(row, dict):
        raise DataError(f"{where}: expected a JSON object, got {type(row).__name__}")
    value = row.get(key)
    if not isinstance(value, kind):
        what = f"is {type(value).__name__}" if key in row else "is missing"
        raise DataError(f'{where}: "{key}" {what}; restore the file or give its --format')
    return value


def file_name(task_id: str) -> str:
    """A problem's id as the name of a file, `_` for `/`.

    Raises:
        DataError: it would be no plain name; ids come from files that anyone may have written.
    """
    name = task_id.replace("/", "_")
    if not _PLAIN.fullmatch(name):
        raise DataError(f"{task_id!r} cannot be the name of a file; give problems plain ids")
    return name


def write_json(path: Path, content: Any, *, indent: int | None = None) -> None:
    """Write a JSON value as its harness does, in ASCII and without a last line end."""
    write_bytes(path, json.dumps(content, indent=indent).encode("ascii"))


def write_json_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write one object a line."""
    write_bytes(path, b"".join(json.dumps(row).encode("ascii") + b"\n" for row in rows))


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` atomically, packed where the name ends in .gz. Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        draft.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    return cast(IO[bytes], gzip.open(path)) if packed else path.open("rb")


def _object(line: bytes, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where}: not JSON ({error}); restore the file from a copy") from error
    if not isinstance(row, dict):
        raise DataError(f"{where}: expected a JSON object, got {type(row).__name__}")
    return row


def _unreadable(path: Path, error: Exception) -> DataError:
    reason = getattr(error, "strerror", None) or str(error)
    return DataError(f"{path}: cannot be read ({reason}); give the path of a file of samples")
