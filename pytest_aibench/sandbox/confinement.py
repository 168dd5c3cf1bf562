"""The settings a container is created with: everything it may not do."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pytest_aibench.sandbox.files import seccomp_profile
from pytest_aibench.sandbox.program import Limits

__all__ = ["SCRATCH", "Isolation", "Shape", "choose_uid", "container_settings", "weaknesses"]

Isolation = Literal["warm", "uid", "container"]

SCRATCH = "/tmp"
_INODES = 8192
_OPEN_FILES = 256
# Quotas that the kernel keeps per uid (inotify, pipes) are shared by all containers of a machine,
# so each container gets a uid of its own, below the 65,536 that a user namespace maps.
_FIRST_UID, _LAST_UID = 20_000, 60_000
_UIDS_EACH = 4_000
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": SCRATCH,
    "TMPDIR": SCRATCH,
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",  # the order of a set is the same in every container
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What is fixed when a container is created; programs of one shape can share one."""

    family: str
    memory: int
    scratch: int
    processes: int

    @classmethod
    def of(cls, family: str, limits: Limits) -> Shape:
        return cls(family, limits.memory, limits.scratch, limits.processes)


def choose_uid(serial: int, isolation: Isolation) -> int:
    """The uid, or the first of the uids, that the `serial`-th container of this process uses."""
    step = _UIDS_EACH if isolation == "uid" else 1
    choices = (_LAST_UID - _FIRST_UID) // step
    return _FIRST_UID + (os.getpid() * 31 + serial) % choices * step


def container_settings(shape: Shape, isolation: Isolation, uid: int, seccomp: bool) -> Any:
    """Keyword arguments of the SDK's `containers.create`.

    `uid` is the user that PID 1 and the samples run as; with isolation "uid", PID 1 is root with
    three capabilities, and samples run as the users from `uid` on.
    """
    from docker.types import LogConfig, Ulimit

    as_root = isolation == "uid"
    user = 0 if as_root else uid
    options = ["no-new-privileges", *([f"seccomp={seccomp_profile()}"] if seccomp else [])]
    scratch = f"rw,exec,nosuid,nodev,size={shape.scratch},nr_inodes={_INODES},mode=0700"
    return {
        "user": f"{user}:{user}",
        "cap_drop": ["ALL"],
        "cap_add": ["SETUID", "SETGID", "CHOWN"] if as_root else [],
        "security_opt": options,
        "network_mode": "none",
        "ipc_mode": "none",
        "read_only": True,
        "tmpfs": {SCRATCH: f"{scratch},uid={user},gid={user}"},
        "mem_limit": shape.memory,
        "memswap_limit": shape.memory,
        "pids_limit": shape.processes,
        "nano_cpus": 10**9,
        "ulimits": [
            Ulimit(name="nofile", soft=_OPEN_FILES, hard=_OPEN_FILES),
            Ulimit(name="core", soft=0, hard=0),
        ],
        "log_config": LogConfig(type="none"),
        "environment": _ENVIRONMENT,
        "hostname": "sandbox",
        "auto_remove": True,
        "stdin_open": True,
    }


def weaknesses(hello: Mapping[str, Any]) -> Iterator[str]:
    """What a started container lacks of the settings above, by what its PID 1 says of itself."""
    if hello.get("Seccomp") == "0":
        yield "the engine runs containers without any seccomp filter"
    if hello.get("NoNewPrivs") != "1":
        yield "the engine lets programs gain privileges (no_new_privs is not set)"
    if not hello.get("counters"):
        yield "the container's CPU, memory or process counters cannot be read: limits are not exact"
