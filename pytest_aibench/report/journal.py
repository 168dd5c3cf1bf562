"""One line of JSON per sample: appended by each process, merged into one file at the end."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple

from pytest_aibench.errors import DataError
from pytest_aibench.records import sanitise

__all__ = ["JOURNAL_VERSION", "JournalWriter", "merge_journals", "read_journal"]

JOURNAL_VERSION = "1.0"
_HEADER = {"schema_version": JOURNAL_VERSION, "format": "aibench-samples"}

Pair = tuple[str, str]
"""Names a problem: benchmark, problem."""


class JournalWriter:
    """Appends records to a file; each is with the kernel before `write` returns.

    So a killed process loses nothing it wrote. A line that a crash of the machine left torn is
    cut off when the file is opened again.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        whole = _whole_lines(path)
        if self._file.tell() > whole:
            self._file.truncate(whole)
        if whole == 0:
            self._file.write(_line(_HEADER))

    def write(self, record: dict[str, Any]) -> None:
        """Append `record`, which names its `benchmark`, `problem` and `sample`.

        `at`, the time of writing in seconds since 1970, is added.

        Raises:
            OSError: the disk is full or gone.
        """
        line = _line({**record, "at": round(time.time(), 3)})
        if (written := self._file.write(line)) != len(line):
            raise OSError(f"{self._file.name}: only {written} of {len(line)} bytes were written")

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> JournalWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(sanitise(record)).encode("ascii") + b"\n"


def _whole_lines(path: Path) -> int:
    """The size up to and with the last line end."""
    with path.open("rb") as file:
        return sum(len(line) for line in file if line.endswith(b"\n"))


def read_journal(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a journal, one at a time; a torn last line is left out.

    Raises:
        DataError: the file is no journal, of a later major version, or damaged in its middle.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        for _, record in _records(path, file):
            yield record


def _records(path: Path, file: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each record with the offset of its line."""
    offset = 0
    for number, line in enumerate(file, start=1):
        if not line.endswith(b"\n"):
            return
        record = _parse(path, number, line)
        if number == 1:
            _check_header(path, record)
        else:
            yield offset, record
        offset += len(line)


def _parse(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise DataError(
            f"{path}:{number}: not a line of JSON ({error}); restore the file from a copy"
        ) from error
    if not isinstance(record, dict):
        raise DataError(f"{path}:{number}: not a JSON object; restore the file from a copy")
    return record


def _check_header(path: Path, header: dict[str, Any]) -> None:
    version = str(header.get("schema_version", ""))
    if header.get("format") != _HEADER["format"]:
        raise DataError(f"{path}: not a file of samples; give one that a run of aibench wrote")
    if version.split(".")[0] != JOURNAL_VERSION.split(".")[0]:
        raise DataError(
            f"{path}: has schema {version}, this version reads {JOURNAL_VERSION}; update aibench"
        )


class _Entry(NamedTuple):
    """Where the record of a sample is. The greatest of several of one sample is the valid one."""

    measured: bool
    at: float
    file: int
    offset: int


Index = dict[Pair, dict[int, _Entry]]


def merge_journals(paths: Iterable[Path], order: Sequence[Pair], out: Path) -> int:
    """Write the records of all `paths` to `out`, each sample once; returns how many.

    Samples follow the (benchmark, problem) pairs of `order`, others after them by name, and
    within a problem their index. Of a sample that was run again, the last measured record counts.
    Only the places of the records are held in memory. `out` is replaced atomically.

    Raises:
        DataError: a journal is damaged, or a record does not name its sample.
        OSError: a file cannot be read or written.
    """
    sources = list(paths)
    index = _index(sources)
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        written = _copy(sources, _in_order(index, order), draft)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return written


def _index(paths: list[Path]) -> Index:
    index: Index = {}
    for number, path in enumerate(paths):
        with path.open("rb") as file:
            for offset, record in _records(path, file):
                benchmark, problem, sample = _key(path, record)
                measured = record.get("kind") is not None
                entry = _Entry(measured, float(record.get("at", 0.0)), number, offset)
                entries = index.setdefault((benchmark, problem), {})
                entries[sample] = max(entry, entries.get(sample, entry))
    return index


def _in_order(index: Index, order: Sequence[Pair]) -> Iterator[_Entry]:
    ranks = {pair: i for i, pair in enumerate(order)}
    for pair in sorted(index, key=lambda pair: (ranks.get(pair, len(ranks)), pair)):
        yield from (entry for _, entry in sorted(index[pair].items()))


def _key(path: Path, record: dict[str, Any]) -> tuple[str, str, int]:
    try:
        return str(record["benchmark"]), str(record["problem"]), int(record["sample"])
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{path}: a record lacks or has a wrong {error}; every record names its benchmark, "
            f"problem and sample"
        ) from error


def _copy(paths: list[Path], entries: Iterable[_Entry], out: Path) -> int:
    """Copy the lines of `entries`; returns how many."""
    count = 0
    with ExitStack() as stack:
        target = stack.enter_context(out.open("wb"))
        files = [stack.enter_context(path.open("rb")) for path in paths]
        target.write(_line(_HEADER))
        for entry in entries:
            files[entry.file].seek(entry.offset)
            target.write(files[entry.file].readline())
            count += 1
        target.flush()
        os.fsync(target.fileno())
    return count
