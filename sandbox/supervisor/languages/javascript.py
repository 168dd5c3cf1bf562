"""JavaScript programs: node, started from the image's snapshot of the harness's heap.

Half of what node needs to start goes into loading its library. PID 1 loads it once, and a sample's
process, forked from it, runs the main function of node, as `/usr/bin/node` would do.

The harness (`node/program.js`) receives solution, tests and secret itself. V8 chooses the size of
its heap: with an option for it, the snapshot would not fit.
"""

from __future__ import annotations

import ctypes
import os
from typing import NoReturn

__all__ = ["become_node", "run"]

_COMMAND = ("/usr/bin/node", "--snapshot-blob", "/opt/aibench/harness.blob")
_LIBRARY = "libnode.so.108"
_MAIN = "_ZN4node5StartEiPPc"  # int node::Start(int, char**), all that the command itself calls


def _load() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(_LIBRARY)
    except OSError:  # the image of another language
        return None


_libc = ctypes.CDLL(None)
_node = _load()


def run() -> None:
    """Run the program that the control descriptor holds; never returns."""
    become_node("solution.js")


def become_node(role: str) -> NoReturn:
    """Run the harness in this process, which ends with it; `role` is its first argument."""
    if _node is None:
        raise OSError(f"this image has no {_LIBRARY}")
    # In one piece, as the kernel lays arguments out: node takes the room for the process's title.
    arguments = (*_COMMAND, role)
    text = ctypes.create_string_buffer("\0".join(arguments).encode("ascii"))
    places = (ctypes.c_void_p * (len(arguments) + 1))()
    at = ctypes.addressof(text)
    for i, argument in enumerate(arguments):
        places[i] = at
        at += len(argument) + 1
    # Called first at exit(): spares the process from taking its libraries apart.
    _libc.on_exit(_libc._exit, None)
    os._exit(_node[_MAIN](len(arguments), places))
