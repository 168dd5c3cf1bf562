"""Messages on file descriptors, and the memory that keeps their bytes away from children.

A message is a big-endian 32-bit length, a JSON object of that length, and raw bytes whose lengths
stand in the object. Programs, tests and outputs lie in mappings that fork() does not copy
(MADV_DONTFORK), never in the heap of PID 1: a later sample inherits nothing of an earlier one.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
from typing import Any

__all__ = ["Arena", "Region", "read_exactly", "read_header", "write_all", "write_message"]

_LENGTH = struct.Struct(">I")
_PAGE = mmap.PAGESIZE
_CHUNK = 1 << 20


class Arena:
    """`size` bytes of memory that children do not inherit."""

    def __init__(self, size: int) -> None:
        private = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS  # shared pages would survive `forget`
        self._map = mmap.mmap(-1, size, flags=private)
        self._map.madvise(mmap.MADV_DONTFORK)
        self.view = memoryview(self._map)

    def fill(self, fd: int, size: int) -> None:
        """Read exactly `size` bytes into the arena's start; EOFError where the stream ends."""
        at = 0
        while at < size:
            count = os.readv(fd, [self.view[at:size]])
            if not count:
                raise EOFError
            at += count

    def forget(self, size: int) -> None:
        """Give the first `size` bytes back to the kernel."""
        if size:
            self._map.madvise(mmap.MADV_DONTNEED, 0, -(-size // _PAGE) * _PAGE)


class Region:
    """A slice of an arena that collects what a descriptor yields, up to its capacity.

    `received` counts every byte, kept or not.
    """

    def __init__(self, view: memoryview, overflow: memoryview) -> None:
        self._view = view
        self._overflow = overflow
        self.kept = 0
        self.received = 0

    def read(self, fd: int) -> int:
        """Read once; the number of bytes, 0 at the end of the stream."""
        room = self._view[self.kept :]
        count = os.readv(fd, [room if len(room) else self._overflow])
        if len(room):
            self.kept += count
        self.received += count
        return count

    def bytes_from(self, start: int = 0) -> memoryview:
        return self._view[start : self.kept]


def read_exactly(fd: int, size: int) -> bytes:
    """`size` bytes from `fd`; EOFError where the stream ends."""
    data = bytearray()
    while len(data) < size:
        chunk = os.read(fd, min(_CHUNK, size - len(data)))
        if not chunk:
            raise EOFError
        data += chunk
    return bytes(data)


def read_header(fd: int) -> dict[str, Any]:
    """The JSON object that opens a message."""
    (size,) = _LENGTH.unpack(read_exactly(fd, _LENGTH.size))
    header: dict[str, Any] = json.loads(read_exactly(fd, size))
    return header


def write_all(fd: int, data: bytes | memoryview) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def write_message(fd: int, header: dict[str, Any], parts: list[memoryview]) -> None:
    """One message; `header["sizes"]` is set from `parts`."""
    text = json.dumps({**header, "sizes": [len(part) for part in parts]}).encode()
    chunks: list[bytes | memoryview] = [_LENGTH.pack(len(text)) + text, *parts]
    written = os.writev(fd, chunks)
    for chunk in chunks:
        if written < len(chunk):
            write_all(fd, memoryview(chunk)[written:])
        written = max(0, written - len(chunk))
