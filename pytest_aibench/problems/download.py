"""Fetching one public file, and writing it so that no other process sees half of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pytest_aibench.errors import DataError

__all__ = ["DownloadFailed", "download", "write_atomically"]

_LARGEST = 256 << 20
_TIMEOUT_SECONDS = 30.0


class DownloadFailed(Exception):  # noqa: N818 - turned into DataAbsent, with the remedy, above
    """The file cannot be fetched; the message is the reason."""


def download(url: str) -> bytes:
    """The bytes at `url`, at most 256 MiB.

    Raises:
        DownloadFailed: no connection, an HTTP status other than 200, too large.
    """
    import httpx

    try:
        # identity: a server that labels a .gz file as "gzip-encoded" would have it unpacked.
        headers = {"Accept-Encoding": "identity"}
        with httpx.stream(
            "GET", url, headers=headers, follow_redirects=True, timeout=_TIMEOUT_SECONDS
        ) as response:
            if response.status_code != httpx.codes.OK:
                raise DownloadFailed(f"{url} answered with status {response.status_code}")
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > _LARGEST:
                    raise DownloadFailed(f"{url} is larger than {_LARGEST} bytes")
    except httpx.HTTPError as error:
        raise DownloadFailed(f"{url} cannot be fetched ({error})") from error
    return bytes(content)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file that appears at `path` complete or not at all; the last writer wins.

    Raises:
        DataError: the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = f"{error.strerror}; make the folder writable"
        raise DataError(f"cannot write {path}: {reason}") from error
