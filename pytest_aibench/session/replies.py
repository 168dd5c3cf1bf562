"""Whether the replies of a model's server are what a score can be made of."""

from __future__ import annotations

from collections import Counter, defaultdict

from pytest_aibench.generation.collapse import find_collapse
from pytest_aibench.records import SampleRecord, VerdictKind

__all__ = ["LARGE_SHARE", "MIN_REPLIES", "Replies"]

LARGE_SHARE = 0.1
MIN_REPLIES = 5
"""So large a share of a benchmark's replies, and so many of them, are worth a warning."""

_NO_CODE = (
    "hold no code. Read some of them in the samples file; a model without a chat template wants "
    "--prompt-mode completion"
)
_TRUNCATED = (
    "were cut at the token limit and judged as they are. Give a larger --max-tokens; without it "
    "the server's own limit holds, of 16 tokens for completions on many"
)


class Replies:
    """The hashes of the replies to each problem, of those that a server gave, and their faults;
    and which replies, wherever they are from, are in another language than their problem."""

    def __init__(self) -> None:
        self._hashes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._faults: dict[str, Counter[str]] = defaultdict(Counter)
        self._languages: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, record: SampleRecord) -> None:
        if "language" in record.facts:
            self._languages[record.benchmark][record.facts["language"]] += 1
        if "reply" not in record.facts:
            return
        self._hashes[record.benchmark][record.problem].append(record.facts["reply"])
        faults = self._faults[record.benchmark]
        faults[_NO_CODE] += record.kind is VerdictKind.NO_CODE
        faults[_TRUNCATED] += record.truncated

    def alarms(self, temperature: float | None) -> list[str]:
        """A sentence for each fault that many replies to a benchmark have."""
        found = ((n, find_collapse(replies, temperature)) for n, replies in self._hashes.items())
        alike = [f"{name}: {collapse}" for name, collapse in found if collapse is not None]
        foreign = [
            f"{name}: replies in {language} instead of the problem's language, so no_code: {count}"
            for name, languages in self._languages.items()
            for language, count in languages.most_common()
        ]
        return [*alike, *foreign, *(line for name in self._hashes for line in self._faulty(name))]

    def _faulty(self, benchmark: str) -> list[str]:
        total = sum(map(len, self._hashes[benchmark].values()))
        least = max(MIN_REPLIES, LARGE_SHARE * total)
        return [
            f"{benchmark}: {count} of {total} replies {fault}"
            for fault, count in self._faults[benchmark].items()
            if count >= least
        ]
