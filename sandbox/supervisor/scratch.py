"""The one folder a sample can write to: emptied after every sample, and proven empty.

Whatever is left in it, or in any other place that processes of a container share, makes the
container "dirty": it is discarded, and the next sample gets a new one.
"""

# pathlib cannot work relative to a descriptor:
# ruff: noqa: PTH101, PTH208

from __future__ import annotations

import os
import stat

from supervisor.cgroup import open_if_there
from supervisor.identity import Identity

__all__ = ["Scratch", "empty"]

_SHARED = ("/dev/shm", "/dev/mqueue", "/var/tmp", "/run", "/run/lock", "/var/lock")
_SYSV = ("/proc/sysvipc/shm", "/proc/sysvipc/msg", "/proc/sysvipc/sem")
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Scratch:
    """`path` must be the mount point of a tmpfs, which a sample cannot rename or remove."""

    def __init__(self, path: str, identity: Identity) -> None:
        self.path = path
        self._identity = identity
        self._free = (0, 0)
        self._writable: tuple[str, ...] = ()
        self._shared: set[str] = set()
        self._sysv = {name: fd for name in _SYSV if (fd := open_if_there(name)) >= 0}

    def prepare(self) -> None:
        """Empty it for the first time, and note what an unused container looks like."""
        self.open()
        self.clean()
        self._free = self._space()
        self._writable = tuple(folder for folder in _SHARED if os.access(folder, os.W_OK))
        self._shared = set(_listing(self._writable))

    def open(self) -> None:
        """Give the folder to the sample that is about to start."""
        self._identity.own(self.path)

    def clean(self) -> list[str]:
        """Remove everything; what could not be brought back to its first state."""
        try:
            with self._identity.acting():
                os.chmod(self.path, 0o700)
                empty(self.path)
                os.utime(self.path, (0, 0))
                attributes = os.listxattr(self.path)
        except OSError as error:
            return [f"scratch: {error.strerror}"]
        self._identity.disown(self.path)
        return ["scratch: extended attributes"] if attributes else []

    def traces(self) -> list[str]:
        """What a sample left behind, after `clean`, where the next one could find it."""
        found = sorted(set(_listing(self._writable)) - self._shared)
        found += [name for name, fd in self._sysv.items() if b"\n" in _after_title(fd)]
        if self._space() != self._free:  # a file that was deleted but is still open somewhere
            found.append("scratch: space is still in use")
        return found

    def _space(self) -> tuple[int, int]:
        usage = os.statvfs(self.path)
        return usage.f_bfree, usage.f_ffree


def empty(folder: str) -> None:
    """Remove everything below `folder`, whatever its depth, names and permissions.

    Sub-folders of sub-folders are first moved up to the top, so that neither the length of a path
    nor the depth of recursion has a limit that a sample could exceed. Links are never followed.
    """
    top = os.open(folder, _DIRECTORY)
    try:
        moved = 0
        while names := os.listdir(top):
            for name in names:
                moved = _remove(top, name, moved)
    finally:
        os.close(top)


def _remove(top: int, name: str, moved: int) -> int:
    if not _is_folder(top, name):
        os.unlink(name, dir_fd=top)
        return moved
    os.chmod(name, 0o700, dir_fd=top)
    inner = os.open(name, _DIRECTORY, dir_fd=top)
    try:
        for entry in os.listdir(inner):
            if _is_folder(inner, entry):
                os.chmod(entry, 0o700, dir_fd=inner)  # a folder can be moved only if writable
                moved += 1
                os.rename(entry, _free_name(top, moved), src_dir_fd=inner, dst_dir_fd=top)
            else:
                os.unlink(entry, dir_fd=inner)
    finally:
        os.close(inner)
    os.rmdir(name, dir_fd=top)
    return moved


def _free_name(top: int, number: int) -> str:
    name = f".moved-{number}"
    while _exists(top, name):
        name += "-"
    return name


def _exists(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _is_folder(folder: int, name: str) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)


def _listing(folders: tuple[str, ...]) -> list[str]:
    names: list[str] = []
    for folder in folders:
        try:
            names += [f"{folder}/{name}" for name in os.listdir(folder)]
        except OSError:
            continue
    return names


def _after_title(fd: int) -> bytes:
    return os.pread(fd, 4096, 0).partition(b"\n")[2]
