"""What a sample's process and PID 1 say to each other on the control descriptor.

PID 1 sends the first part of the program unasked, and each further one only when the process asks
with a single `+`. The last part is the secret: whoever reports it has run everything before.
Every part is a big-endian 32-bit length and as many bytes. The process ends with one JSON report.
"""

from __future__ import annotations

import os
import struct
from json.encoder import encode_basestring_ascii as _quoted

from supervisor.child import CONTROL
from supervisor.wire import read_exactly, write_all

__all__ = ["Parts", "report"]


class Parts:
    """The parts of a program, each fetched when it is needed and not before."""

    def __init__(self) -> None:
        self._first = True
        # Taken now: a program may replace them.
        self._process, self._process_id, self._leave = os.getpid(), os.getpid, os._exit

    def next(self) -> bytes:
        if self._process_id() != self._process:  # forked by the program, and returned to here
            self._leave(0)
        if not self._first:
            os.write(CONTROL, b"+")
        self._first = False
        (size,) = struct.unpack(">I", read_exactly(CONTROL, 4))
        return read_exactly(CONTROL, size)


def report(facts: dict[str, str]) -> None:
    """Say how the program ended."""
    text = ", ".join(f"{_quoted(name)}: {_quoted(value)}" for name, value in facts.items())
    write_all(CONTROL, f"{{{text}}}".encode("ascii"))
