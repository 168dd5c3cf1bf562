"""Whether the samples of a problem are samples at all."""

from __future__ import annotations

from collections import defaultdict

from pytest_aibench.generation.collapse import find_collapse
from pytest_aibench.records import SampleRecord

__all__ = ["Replies"]


class Replies:
    """The hashes of the replies to each problem, of those that a server gave."""

    def __init__(self) -> None:
        self._hashes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def add(self, record: SampleRecord) -> None:
        if "reply" in record.facts:
            self._hashes[record.benchmark][record.problem].append(record.facts["reply"])

    def alarms(self, temperature: float | None) -> list[str]:
        """A sentence for each benchmark whose replies are all alike."""
        found = ((n, find_collapse(replies, temperature)) for n, replies in self._hashes.items())
        return [f"{name}: {collapse}" for name, collapse in found if collapse is not None]
