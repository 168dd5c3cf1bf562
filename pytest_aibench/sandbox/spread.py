"""One process's share of the Docker hosts: which one it uses, and what happens if that dies."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Callable

from pytest_aibench.errors import SandboxError
from pytest_aibench.records import Verdict
from pytest_aibench.sandbox.engine import connect, engine_errors
from pytest_aibench.sandbox.hosts import Hosts, place
from pytest_aibench.sandbox.program import Executor, Program

__all__ = ["SpreadExecutor"]

# A host that answers nothing for so long is of no use; each of its workers waits once.
_ANSWER_SECONDS = 20
# So many programs in a row that failed on a host and ran on another are no chance.
_PATIENCE = 3


class SpreadExecutor:
    """Executes programs on one of the hosts, and on another one where that fails.

    The number at the end of `worker` decides which host it begins with. A host that does not
    answer any more is dropped, for every process of the run; so is one on which program after
    program fails that other hosts can run. The last one is kept, for it may come back. `open_on`
    opens an executor on the host at a URL.
    """

    def __init__(self, hosts: Hosts, worker: str, open_on: Callable[[str], Executor]) -> None:
        self._hosts = hosts
        number = re.search(r"\d+$", worker)
        self._number = int(number[0]) if number else 0
        self._open_on = open_on
        self._executors: dict[str, Executor] = {}
        self._strikes: Counter[str] = Counter()
        self._current = ""

    def execute(self, program: Program) -> Verdict:
        """Run `program` to its end and judge it.

        Raises:
            SandboxError: no host can.
        """
        errors: tuple[type[Exception], ...] = (SandboxError, *engine_errors())
        failures: dict[str, str] = {}
        for url in self._order():
            try:
                verdict = self._on(url).execute(program)
            except errors as error:
                failures[url] = str(error)
                self._release(url)  # its connections may be broken
                self._drop_if_dead(url, str(error))
            else:
                self._count(url, failures)
                return verdict
        reasons = "; ".join(f"{url}: {reason}" for url, reason in failures.items())
        raise SandboxError(f"no Docker host could run the program: {reasons}")

    def close(self) -> None:
        """Release every container on every host."""
        for url in [*self._executors]:
            self._release(url)

    def _order(self) -> list[str]:
        """The living hosts, beginning with the one to use."""
        living = self._hosts.living()
        urls = list(living)
        if self._current not in living:
            self._current = urls[place(self._number, list(living.values()))]
        start = urls.index(self._current)
        return urls[start:] + urls[:start]

    def _on(self, url: str) -> Executor:
        if url not in self._executors:
            self._executors[url] = self._open_on(url)
        return self._executors[url]

    def _count(self, url: str, failures: dict[str, str]) -> None:
        """Take note that `url` could run what the hosts of `failures` could not."""
        self._strikes[url] = 0
        for other, error in failures.items():
            self._strikes[other] += 1
            if self._strikes[other] == _PATIENCE and other in self._hosts.living():
                self._hosts.drop(other, f"{_PATIENCE} programs in a row failed there: {error}")

    def _drop_if_dead(self, url: str, error: str) -> None:
        if not self._hosts.living().keys() - {url}:
            return
        try:
            connect(url, _ANSWER_SECONDS).close()
        except SandboxError:
            self._hosts.drop(url, f"it does not answer: {error}")

    def _release(self, url: str) -> None:
        executor = self._executors.pop(url, None)
        if executor is not None:
            with contextlib.suppress(*engine_errors()):  # its containers end without us
                executor.close()
