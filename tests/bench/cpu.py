"""CPU time of one side of a comparison: of this process's children, and of a run's containers."""

from __future__ import annotations

import contextlib
import resource
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from docker.errors import APIError

from pytest_aibench.sandbox.engine import connect
from pytest_aibench.sandbox.owner import LABEL

__all__ = ["Cost", "measured"]

_POLL_SECONDS = 0.5


class Cost:
    """Seconds: `wall` that passed, `cpu` that were used."""

    wall = 0.0
    cpu = 0.0


@contextlib.contextmanager
def measured(runs: Path | None = None) -> Iterator[Cost]:
    """The cost of what happens meanwhile.

    `runs` is the folder in which a run of ours leaves its records; its containers count then, up
    to half a second before each ended. Docker's own processes do not.
    """
    cost, ended, usage = Cost(), threading.Event(), dict[str, float]()
    watch = threading.Thread(target=_watch, args=(runs, ended, usage)) if runs else None
    begun, used = time.monotonic(), _used()
    if watch:
        watch.start()
    try:
        yield cost
    finally:
        ended.set()
        if watch:
            watch.join()
        cost.wall = time.monotonic() - begun
        cost.cpu = _used() - used + sum(usage.values())


def _used() -> float:
    parts = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(part.ru_utime + part.ru_stime for part in parts)


def _watch(runs: Path, ended: threading.Event, usage: dict[str, float]) -> None:
    """Note in `usage` what each container of the runs in that folder has used."""
    with contextlib.closing(connect()) as client:
        while not ended.wait(_POLL_SECONDS):
            for run in runs.glob("*") if runs.exists() else ():
                mine = {"label": f"{LABEL}.run={run.name}"}
                for container in client.api.containers(filters=mine):
                    # One that has just ended has no figures, or no text at all.
                    with contextlib.suppress(APIError, KeyError, ValueError):
                        stats = client.api.stats(container["Id"], stream=False, one_shot=True)
                        total = stats["cpu_stats"]["cpu_usage"]["total_usage"]
                        usage[container["Id"]] = total / 1e9
