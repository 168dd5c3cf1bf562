"""Verdicts of programs that ran already: identical programs run once."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.program import Program

__all__ = ["Memo"]

_MOST_OUTPUT = 4096  # verdicts with more are not worth their memory


class Memo:
    """At most `capacity` verdicts, those least recently used forgotten first.

    Time-outs are not kept: they are the verdicts that a repetition might change.
    """

    def __init__(self, capacity: int = 4096) -> None:
        self._capacity = capacity
        self._verdicts: OrderedDict[bytes, Verdict] = OrderedDict()

    def get(self, program: Program) -> Verdict | None:
        key = _key(program)
        verdict = self._verdicts.get(key)
        if verdict is not None:
            self._verdicts.move_to_end(key)
        return verdict

    def put(self, program: Program, verdict: Verdict) -> None:
        size = len(verdict.stdout) + len(verdict.stderr)
        if verdict.kind is VerdictKind.TIMEOUT or size > _MOST_OUTPUT:
            return
        self._verdicts[_key(program)] = verdict
        if len(self._verdicts) > self._capacity:
            self._verdicts.popitem(last=False)


def _key(program: Program) -> bytes:
    digest = hashlib.sha256(repr((program.limits, program.rules)).encode())
    texts = (program.language, program.solution, program.tests)
    for text in (*texts, program.entry_point, program.context):
        data = text.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data) + data)
    return digest.digest()
