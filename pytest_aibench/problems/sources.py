"""Where published data come from: a folder of the user's, the cache, or the network once.

Whatever the place, the content is used only if its SHA-256 is the pinned one. What is not pinned is
not downloaded: the user gives it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_aibench.errors import DataError
from pytest_aibench.problems.download import DownloadFailed, download, write_atomically
from pytest_aibench.problems.errors import DataAbsent
from pytest_aibench.problems.files import decompress, json_rows
from pytest_aibench.problems.problem import Dataset, Problem

__all__ = ["DATA_VARIABLE", "DataAbsent", "DataSource", "Given", "Pinned", "load_rows"]

DATA_VARIABLE = "AIBENCH_DATA"


@dataclass(frozen=True, slots=True)
class Pinned:
    """A published file: its place below a data folder, its public address, its SHA-256.

    A local copy may be gzip-compressed (`path` with `.gz`): then the hash of its content counts.
    """

    path: str
    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Given:
    """Published data without a pinned SHA-256: their place below a data folder, their address."""

    path: str
    url: str


@dataclass(frozen=True, slots=True)
class DataSource:
    """Where data sets may be taken from, tried in this order.

    `data_dir` is the user's own folder, `cache_dir` holds what was downloaded before;
    `problem_file` is the file of the benchmark `problems`.
    """

    data_dir: Path | None
    cache_dir: Path
    allow_download: bool = True
    problem_file: Path | None = None

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] = os.environ, *, allow_download: bool = True
    ) -> DataSource:
        """The folder that `$AIBENCH_DATA` names, and the user's cache folder."""
        import platformdirs

        folder = environ.get(DATA_VARIABLE)
        cache = platformdirs.user_cache_path("pytest-aibench")
        return cls(Path(folder) if folder else None, cache / "data", allow_download)

    def read(self, pinned: Pinned) -> bytes:
        """The bytes of a published file, verified; downloaded into the cache if need be.

        Raises:
            DataAbsent: it is in no folder and cannot be downloaded.
            DataError: what was found is not the published file.
        """
        content = self._from_data_dir(pinned)
        if content is None:
            content = self._from_cache(pinned)
        return self._download(pinned) if content is None else content

    def find(self, given: Given) -> Path:
        """The file or folder that the user has put below a data folder.

        Raises:
            DataAbsent: there is none.
        """
        for folder in filter(None, (self.data_dir, self.cache_dir)):
            path = folder / given.path
            if path.exists():
                return path
        raise self._absent(given, "it is never downloaded by itself, as no SHA-256 of it is known")

    def _from_data_dir(self, pinned: Pinned) -> bytes | None:
        if self.data_dir is None:
            return None
        if not self.data_dir.is_dir():
            raise DataError(f"${DATA_VARIABLE} is {self.data_dir}, which is not a folder")
        for path in _candidates(self.data_dir, pinned):
            content = _read(path)
            _verify(content, pinned, str(path), f"restore it, or unset ${DATA_VARIABLE}")
            return content
        return None

    def _from_cache(self, pinned: Pinned) -> bytes | None:
        for path in _candidates(self.cache_dir, pinned):
            content = _read(path)
            try:
                _verify(content, pinned, str(path), "delete it and allow the download")
            except DataError:
                if not self.allow_download:
                    raise
                return None
            return content
        return None

    def _download(self, pinned: Pinned) -> bytes:
        if not self.allow_download:
            raise self._absent(pinned, "downloads are switched off")
        try:
            content = download(pinned.url)
        except DownloadFailed as error:
            raise self._absent(pinned, str(error)) from error
        _verify(content, pinned, pinned.url, f"set ${DATA_VARIABLE} to a folder that has it")
        write_atomically(self.cache_dir / pinned.path, content)
        return content

    def _absent(self, data: Pinned | Given, reason: str) -> DataAbsent:
        return DataAbsent(
            f"{data.path} is not available: {reason}. Download {data.url} to "
            f"{self.cache_dir / data.path}, or set ${DATA_VARIABLE} to a folder that holds "
            f"{data.path} (now: {self.data_dir or 'not set'})."
        )


def load_rows(
    source: DataSource, file: Pinned, problem: Callable[[dict[str, Any]], Problem]
) -> Dataset:
    """What `problem` makes of each row of a published file of JSON Lines.

    Raises:
        DataError: as `DataSource.read` and `json_rows`.
    """
    rows = json_rows(source.read(file), file.path)
    return Dataset(tuple(problem(row) for _, row in rows), file.sha256, file.url)


def _candidates(folder: Path, pinned: Pinned) -> Iterator[Path]:
    paths = (folder / pinned.path, folder / f"{pinned.path}.gz")
    return (path for path in paths if path.is_file())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}; make it readable") from error


def _verify(content: bytes, pinned: Pinned, place: str, remedy: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found == pinned.sha256:
        return
    inner = decompress(content, place) if content[:2] == b"\x1f\x8b" else b""
    if hashlib.sha256(inner).hexdigest() != pinned.sha256:
        raise DataError(
            f"{place} is not the published file: its SHA-256 is {found}, "
            f"expected {pinned.sha256}; {remedy}"
        )
