"""Keep the code of PID 1 in memory, however little of it the container has left.

Before the kernel kills where memory is used up, it takes away pages of files. Those that PID 1
executes would be among them: it would do nothing but read them again, and no limit would act.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

__all__ = ["pin_code"]

# What a look at the limits executes; with more, RLIMIT_MEMLOCK (8 MiB by default) is exceeded.
_NEEDED = ("python3", "libpython3", "libc.", "ld-")
_ON_FAULT = 1  # mlock2(2): only pages that are used, from then on

_libc = ctypes.CDLL(None)


def pin_code() -> None:
    """Lock what is mapped of the interpreter and its C library, as far as the kernel allows.

    Children inherit no lock.
    """
    for start, end in _code():
        _libc.mlock2(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _ON_FAULT)


def _code() -> Iterator[tuple[int, int]]:
    """First address and end of each mapping; data has pages of its own as soon as it is written."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        area, rights, *_, path = line.split(maxsplit=5)
        if "w" not in rights and path.rpartition("/")[2].startswith(_NEEDED):
            start, end = (int(address, 16) for address in area.split("-"))
            yield start, end
