"""Who a sample runs as, and how PID 1 acts upon its processes and files.

Two variants, told apart by the user the container was started with:

- not root, no capability (the default): samples share the uid of PID 1, which the kernel protects
  as the init of its PID namespace (no signal reaches it from inside) and which is not dumpable
  (no ptrace, no /proc/1/mem);
- root with SETUID, SETGID and CHOWN only: every sample has a uid that was never used before. To act
  upon its processes and files PID 1 takes the effective uid of the sample, but keeps a real uid of
  its own, so that the sample can neither signal nor trace it meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator

from supervisor.prctl import DUMPABLE, prctl

__all__ = ["Identity", "SameUser", "UserPerSample", "identity_of_this_process", "kill_everything"]


class SameUser:
    """Every sample runs as the user of PID 1."""

    uid = os.geteuid()

    def renew(self) -> None:
        """Begin a sample."""

    @contextlib.contextmanager
    def acting(self) -> Iterator[None]:
        """Within it, PID 1 may change what the sample owns."""
        yield

    def own(self, path: str) -> None:
        """Give `path` to the sample."""

    def disown(self, path: str) -> None:
        """Take `path` back."""

    def enter(self) -> None:
        """Become the sample's user for good; called in the child."""

    def adopt(self, pid: int) -> None:
        """Prepare the child for what comes; called in PID 1, before the child knows its program."""
        _sacrifice(str(pid))


class UserPerSample(SameUser):
    """Every sample runs as a user of its own; needs SETUID, SETGID and CHOWN."""

    def __init__(self, first_uid: int) -> None:
        self._keeper = first_uid
        self.uid = first_uid

    def renew(self) -> None:
        self.uid += 1

    @contextlib.contextmanager
    def acting(self) -> Iterator[None]:
        os.setresgid(0, self.uid, 0)
        os.setresuid(self._keeper, self.uid, 0)
        try:
            yield
        finally:
            os.setresuid(0, 0, 0)
            os.setresgid(0, 0, 0)

    def own(self, path: str) -> None:
        os.chown(path, self.uid, self.uid)

    def disown(self, path: str) -> None:
        os.chown(path, 0, 0)

    def enter(self) -> None:
        _sacrifice("self")  # PID 1 has no right to
        os.setgroups([])
        os.setresgid(self.uid, self.uid, self.uid)
        os.setresuid(self.uid, self.uid, self.uid)
        prctl(DUMPABLE, 1)  # the change of user has taken it away

    def adopt(self, pid: int) -> None:
        """Nothing: the child does it all."""


def _sacrifice(process: str) -> None:
    """Where memory is used up, let this process die, and not PID 1."""
    with contextlib.suppress(OSError):  # it was killed already
        fd = os.open(f"/proc/{process}/oom_score_adj", os.O_WRONLY)
        try:
            os.write(fd, b"1000")
        finally:
            os.close(fd)


Identity = SameUser


def identity_of_this_process(first_uid: int) -> Identity:
    return UserPerSample(first_uid) if os.geteuid() == 0 else SameUser()


def kill_everything(identity: Identity) -> None:
    """SIGKILL to every process of the container but PID 1.

    kill(-1) holds the lock that fork() needs, and fork() gives up on a pending SIGKILL, so even a
    fork bomb cannot outrun it.
    """
    with identity.acting(), contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(-1, signal.SIGKILL)
