"""Messages between the process that tests and the process that is tested."""

from __future__ import annotations

import struct
from typing import Any

from supervisor.languages.python_values import dump, load
from supervisor.wire import read_exactly, write_all

__all__ = ["Channel"]

_LENGTH = struct.Struct(">I")


class Channel:
    """JSON objects over the stream socket `fd`, each after its length."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def send(self, message: dict[str, Any]) -> None:
        """Raises OSError: the other side is gone."""
        text = dump(message)
        write_all(self._fd, _LENGTH.pack(len(text)) + text)

    def receive(self) -> dict[str, Any]:
        """Raises EOFError: the other side is gone; ValueError, RecursionError: no message."""
        (size,) = _LENGTH.unpack(read_exactly(self._fd, _LENGTH.size))
        message = load(read_exactly(self._fd, size))
        if type(message) is not dict:
            raise ValueError("not a message")
        return message
