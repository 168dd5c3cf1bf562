"""The first steps of a sample's process: descriptors, session and identity, then its language.

What can be done before the fork, or by PID 1 after it, is: in the child every page that is touched
has to be copied or mapped first, which is most of what a small program costs.
"""

from __future__ import annotations

import fcntl
import os
import resource
from collections.abc import Callable

from supervisor.identity import Identity
from supervisor.prctl import DUMPABLE, prctl

__all__ = ["CONTROL", "Places", "start"]

CONTROL = 3  # the descriptor on which a sample's process speaks with PID 1
_HIGHEST_FD = 4096


class Places:
    """The descriptors 0 to 3 of PID 1: they lead nowhere, unless a child is about to be forked."""

    def __init__(self) -> None:
        nowhere = os.open(os.devnull, os.O_RDWR)
        self._nowhere = fcntl.fcntl(nowhere, fcntl.F_DUPFD_CLOEXEC, CONTROL + 1)
        self.free()

    def fill(self, descriptors: tuple[int, ...]) -> None:
        """Put `descriptors` there."""
        for place, fd in enumerate(descriptors):
            os.dup2(fd, place)

    def free(self) -> None:
        self.fill((self._nowhere,) * (CONTROL + 1))


def start(
    program: Callable[[], None],
    descriptors: tuple[int, int, int, int],
    places: Places,
    address_space: int,
    identity: Identity,
) -> int:
    """Fork a process that runs `program` on `descriptors` (stdin, stdout, stderr, control).

    `address_space` is its limit in bytes; 0 for none. Returns the process id.
    """
    places.fill(descriptors)
    prctl(DUMPABLE, 1)  # makes /proc/self the sample's own, unlike that of PID 1
    pid = os.fork()
    if pid:
        prctl(DUMPABLE, 0)
        places.free()
        identity.adopt(pid)
        return pid
    try:
        os.closerange(CONTROL + 1, _HIGHEST_FD)
        os.setsid()
        if address_space:
            resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
        identity.enter()
        program()
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode("utf-8", "replace"))
    finally:
        os._exit(127)
