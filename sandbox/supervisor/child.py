"""The first steps of a sample's process: descriptors, limits and identity, then its language."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
from collections.abc import Callable, Mapping

from supervisor.identity import Identity

__all__ = ["CONTROL", "prctl", "start"]

CONTROL = 3  # the descriptor on which a sample's process speaks with PID 1

PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
_HIGHEST_FD = 4096
_libc = ctypes.CDLL(None, use_errno=True)


def prctl(option: int, value: int) -> None:
    _libc.prctl(option, value, 0, 0, 0)


def start(
    program: Callable[[], None],
    descriptors: tuple[int, int, int, int],
    limits: Mapping[str, int],
    identity: Identity,
    folder: str,
) -> int:
    """Fork a process that runs `program` on `descriptors` (stdin, stdout, stderr, control).

    `limits` are names of `resource.RLIMIT_*` without the prefix. Returns the process id.
    """
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        os.umask(0o077)
        _take(descriptors)
        _restrict(limits)
        identity.enter()
        prctl(PR_SET_DUMPABLE, 1)  # a change of user had taken it away
        os.chdir(folder)
        program()
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode("utf-8", "replace"))
    finally:
        os._exit(127)


def _take(descriptors: tuple[int, ...]) -> None:
    """Make `descriptors` 0, 1, 2, 3 of this process, and close all others."""
    parked = [fcntl.fcntl(fd, fcntl.F_DUPFD, 16) for fd in descriptors]
    for target, fd in enumerate(parked):
        os.dup2(fd, target, inheritable=True)
    os.closerange(len(parked), _HIGHEST_FD)


def _restrict(limits: Mapping[str, int]) -> None:
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    prctl(PR_SET_DUMPABLE, 1)  # makes /proc/self the sample's own, unlike that of PID 1
    with contextlib.suppress(OSError):  # out of memory: the sample dies, not PID 1
        fd = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        os.write(fd, b"1000")
        os.close(fd)
