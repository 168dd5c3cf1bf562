"""Many programs at once in the controller: as many containers as cores, where that many pay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

from pytest_aibench.sandbox import Program, open_executor
from pytest_aibench.sandbox.locks import usable_cores

if TYPE_CHECKING:
    from pytest_aibench.generation.verdicts import VerdictStore
    from pytest_aibench.records import Verdict
    from pytest_aibench.session.run import Run
    from pytest_aibench.settings import Settings

__all__ = ["execute_all", "stored_verdicts"]

_WORTH_A_CONTAINER = 100  # programs; a further container costs what some 60 short programs do


def execute_all(
    programs: Sequence[Program],
    settings: Settings,
    run: Run,
    worker: str,
    *,
    confirm_passes: bool = True,
    keep_times: bool = False,
    say: Callable[[str], None] = lambda line: None,
) -> list[Verdict]:
    """The verdicts on `programs`, in their order.

    What was judged in an earlier run, in the same image and within the same limits, is not run
    again.

    Raises:
        SandboxError: they could not be run.
    """
    if not programs:
        return []
    hosts = run.hosts(settings.sandbox_hosts)
    cores = sum(hosts.living().values()) or usable_cores()
    share = min(cores, 1 + len(programs) // _WORTH_A_CONTAINER)
    rows = enumerate(programs)  # each thread takes the next one

    def execute(number: int) -> list[tuple[int, Verdict]]:
        with ExitStack() as resources:
            executor = open_executor(
                run_id=run.id,
                worker=f"{worker}{number}",
                isolation=settings.isolation,
                confirm_passes=confirm_passes,
                keep_times=keep_times,
                cache=stored_verdicts(settings, resources),
                progress=say,
                hosts=hosts,
            )
            resources.callback(executor.close)
            return [(place, executor.execute(program)) for place, program in rows]

    with ThreadPoolExecutor(share, f"aibench-{worker}") as threads:
        found = dict(pair for pairs in threads.map(execute, range(share)) for pair in pairs)
    return [found[place] for place in range(len(programs))]


def stored_verdicts(settings: Settings, resources: ExitStack) -> VerdictStore | None:
    """Verdicts of earlier runs, if they may be used; closed with `resources`."""
    if not settings.generation.store:
        return None
    from pytest_aibench.generation.verdicts import VERDICT_FILE, VerdictStore

    store = VerdictStore(settings.cache_dir / VERDICT_FILE)
    resources.callback(store.close)
    return store
