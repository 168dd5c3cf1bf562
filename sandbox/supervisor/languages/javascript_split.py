"""JavaScript programs in two processes: one holds the tests and the secret, the other the solution.

As `python_split`, with node in both (`node/tester.js`, `node/candidate.js`). The process that PID 1
started is the one that tests. Before it reads the first part it makes its memory unreadable for
others, which lasts because no other file is executed in it, and forks the candidate, without the
control descriptor.
"""

from __future__ import annotations

import os
import socket

from supervisor.child import CONTROL
from supervisor.languages.javascript import become_node
from supervisor.prctl import DUMPABLE, prctl

__all__ = ["run"]

_CHANNEL = CONTROL + 1  # between the two, in the one that tests


def run() -> None:
    """Test the program that the control descriptor holds; never returns."""
    prctl(DUMPABLE, 0)
    ours, theirs = (end.detach() for end in socket.socketpair())
    if os.fork():
        _keep(ours, _CHANNEL)
        become_node("tester")
    os.setsid()
    _keep(theirs, CONTROL)
    prctl(DUMPABLE, 1)
    become_node("candidate")


def _keep(fd: int, place: int) -> None:
    """Move `fd` to `place`, the last that stays open."""
    os.dup2(fd, place)
    os.closerange(place + 1, fd + 2)
