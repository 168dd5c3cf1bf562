"""Verdicts of programs that ran already: identical programs run once, in a run and across runs."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from typing import Protocol

from pytest_aibench.problems.judging import Rules
from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.files import supervisor_modules
from pytest_aibench.sandbox.program import Limits, Program

__all__ = ["Memo", "VerdictCache"]

_MOST_OUTPUT = 4096  # verdicts with more are not worth their memory
# What a repetition might change, on a machine that is less busy or has more memory.
_DOUBTFUL = frozenset({VerdictKind.OUT_OF_MEMORY, VerdictKind.SUSPICIOUS})
_RULES_VERSION = 3  # raised when the client's part of judging changes


class VerdictCache(Protocol):
    """Verdicts that outlive this process, by a key of 32 bytes."""

    def get(self, key: bytes) -> Verdict | None: ...

    def put(self, key: bytes, verdict: Verdict) -> None: ...


class Memo:
    """At most `capacity` verdicts, those least recently used forgotten first.

    Behind it stands `cache`, if there is one. `circumstances` says of a program what decides its
    verdict beside itself: the image that it runs in, for one. Time-outs by the clock are not kept:
    they are the verdicts that a repetition might change. A verdict that is remembered has cost no
    time, unless with `keep_times`.
    """

    def __init__(
        self,
        capacity: int = 4096,
        cache: VerdictCache | None = None,
        circumstances: Callable[[Program], str] = lambda program: "",
        keep_times: bool = False,
    ) -> None:
        self._capacity = capacity
        self._cache = cache
        self._circumstances = circumstances
        self._keep_times = keep_times
        self._verdicts: OrderedDict[bytes, Verdict] = OrderedDict()
        self._last: tuple[Program, bytes] | None = None

    def get(self, program: Program) -> Verdict | None:
        """The verdict on this very program; None where it has to run."""
        key = self._key(program)
        verdict = self._verdicts.get(key)
        if verdict is not None:
            self._verdicts.move_to_end(key)
        elif self._cache is not None:
            verdict = self._cache.get(self._lasting(key, program))
        if verdict is None or self._keep_times:
            return verdict
        return replace(verdict, cpu_seconds=0.0, wall_seconds=0.0)

    def put(self, program: Program, verdict: Verdict) -> None:
        """Remember `verdict` unless it is doubtful or large."""
        size = len(verdict.stdout) + len(verdict.stderr)
        if verdict.by_the_clock or size > _MOST_OUTPUT:
            return
        key = self._key(program)
        self._verdicts[key] = verdict
        if len(self._verdicts) > self._capacity:
            self._verdicts.popitem(last=False)
        if self._cache is not None and verdict.kind not in _DOUBTFUL:
            self._cache.put(self._lasting(key, program), verdict)

    def _key(self, program: Program) -> bytes:
        if self._last is None or self._last[0] is not program:  # it is put after it was not found
            self._last = program, _key(program)
        return self._last[1]

    def _lasting(self, key: bytes, program: Program) -> bytes:
        text = f"{_supervisor_digest()} {self._circumstances(program)}"
        return hashlib.sha256(key + text.encode()).digest()


def _key(program: Program) -> bytes:
    digest = hashlib.sha256(_conditions(program.limits, program.rules))
    texts = (program.language, program.solution, program.tests)
    for text in (*texts, program.entry_point, program.context):
        data = text.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data) + data)
    return digest.digest()


@lru_cache
def _conditions(limits: Limits, rules: Rules) -> bytes:
    return repr((limits, rules)).encode()


@cache
def _supervisor_digest() -> str:
    """Stands for how programs are run and judged by this version of the package."""
    digest = hashlib.sha256(b"%d" % _RULES_VERSION)
    for name, source in sorted(supervisor_modules().items()):
        digest.update(f"{name} {len(source)} {source}".encode())
    return digest.hexdigest()
