"""The client side of execution: containers, wire, verdicts.

`open_executor` is all that the rest of the package needs; nothing is imported before it is called.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pytest_aibench.sandbox.program import Executor, Limits, Program

if TYPE_CHECKING:
    from pytest_aibench.sandbox.executor import DockerExecutor
    from pytest_aibench.sandbox.hosts import Hosts
    from pytest_aibench.sandbox.memo import VerdictCache

__all__ = ["Executor", "Limits", "Program", "open_executor"]


def open_executor(
    *,
    run_id: str,
    worker: str = "main",
    isolation: str = "warm",
    remember: bool = True,
    confirm_passes: bool = True,
    keep_times: bool = False,
    cache: VerdictCache | None = None,
    progress: Callable[[str], None] = lambda line: None,
    hosts: Hosts | None = None,
) -> Executor:
    """An executor on the Docker engine of this machine (or of `DOCKER_HOST`), or on `hosts`.

    `isolation` is `"warm"` (a warm container, not root), `"uid"` (a warm container, a new user for
    each program) or `"container"` (a new container for each program). With `remember`, identical
    programs run once, and with `cache` once in all runs that share it. With `confirm_passes`,
    passes are confirmed, where need be by a run apart from the tests. With `keep_times`, a
    remembered verdict has the times of its program's only run, otherwise none. `progress` receives
    a line for each step of an image's first build.

    Raises:
        SandboxError: no engine answers.
        UsageError: `isolation` is unknown.
    """
    from pytest_aibench.sandbox.executor import DockerExecutor

    open_here = partial(
        DockerExecutor,
        run_id=run_id,
        worker=worker,
        isolation=isolation,
        remember=remember,
        confirm_passes=confirm_passes,
        keep_times=keep_times,
        cache=cache,
        progress=progress,
    )
    if hosts is None:
        return open_here()

    def open_on(url: str) -> DockerExecutor:
        return open_here(
            host=url, find_image=partial(hosts.image, url), warned=partial(hosts.warn, url)
        )

    if not hosts.urls:
        return open_on("")
    from pytest_aibench.sandbox.spread import SpreadExecutor

    return SpreadExecutor(hosts, worker, open_on)
