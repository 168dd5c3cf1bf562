"""Whose container it is, and removing those whose owner is dead.

A container removes itself when its client's stream ends, also after `kill -9`. What can stay is
one that was created and never started; labels tell whose it was.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

__all__ = ["LABEL", "owner_labels", "sweep_orphans"]

LABEL = "aibench"


def owner_labels(run_id: str, worker: str) -> dict[str, str]:
    """Labels that name the run and this process, so that it cannot be mistaken for another one."""
    return {
        LABEL: "sandbox",
        f"{LABEL}.run": run_id,
        f"{LABEL}.worker": worker,
        f"{LABEL}.boot": _boot(),
        f"{LABEL}.namespace": _namespace(),
        f"{LABEL}.pid": str(os.getpid()),
        f"{LABEL}.started": _start_time(os.getpid()),
    }


def sweep_orphans(client: Any) -> int:
    """Remove the containers of dead owners; how many.

    Owners on other machines that use the same engine, or in other PID namespaces, cannot be seen
    from here: their containers are left alone.
    """
    from docker.errors import APIError

    found = client.api.containers(all=True, filters={"label": f"{LABEL}=sandbox"})
    orphans = [item["Id"] for item in found if _is_orphan(item["Labels"])]
    for container in orphans:
        with contextlib.suppress(APIError):  # it is going by itself
            client.api.remove_container(container, force=True)
    return len(orphans)


def _is_orphan(labels: dict[str, str]) -> bool:
    ours = (_boot(), _namespace())
    if (labels.get(f"{LABEL}.boot"), labels.get(f"{LABEL}.namespace")) != ours:
        return False
    pid = labels.get(f"{LABEL}.pid", "")
    return pid.isdigit() and _start_time(int(pid)) != labels.get(f"{LABEL}.started")


def _boot() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text("ascii").strip() if path.exists() else ""


def _namespace() -> str:
    path = Path("/proc/self/ns/pid")
    return str(path.readlink()) if path.is_symlink() else ""


def _start_time(pid: int) -> str:
    """Clock ticks from boot to the start of `pid`; empty where no such process lives.

    One that was killed stays in the table until its parent asks for it: xdist does at its end.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    state, *fields = stat.rpartition(")")[2].split()  # field 3 of proc(5) and later ones
    return "" if state in "ZX" else fields[18]
