"""What a process asks of the kernel for itself (prctl(2))."""

from __future__ import annotations

import ctypes

__all__ = ["DUMPABLE", "NO_NEW_PRIVS", "prctl"]

DUMPABLE = 4
"""Whether processes of the same user may look into this one."""
NO_NEW_PRIVS = 38

_libc = ctypes.CDLL(None)


def prctl(option: int, value: int) -> None:
    """Set `option` of the calling process."""
    _libc.prctl(option, value, 0, 0, 0)
