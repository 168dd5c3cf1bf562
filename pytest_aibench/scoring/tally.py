"""Counting records as they arrive, in memory that grows with problems and not with samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_aibench.records import SampleRecord, VerdictKind

__all__ = ["BenchmarkTally", "ProblemTally", "Tally"]

ERRORS_KEPT = 20


@dataclass(slots=True)
class ProblemTally:
    """One problem: `n` measured samples, of which `c` passed, and `errors` not measured.

    `planned` samples should be reported; `seen` has bit i set when sample i was.
    """

    planned: int = 0
    n: int = 0
    c: int = 0
    errors: int = 0
    seen: int = 0


@dataclass(slots=True)
class BenchmarkTally:
    """One benchmark. Times are in nanoseconds, added over its samples: whole numbers, so that
    the order in which samples arrive changes no digit of the sum.

    `collected` is how many samples there are before any is deselected; 0 if nobody said.
    `quarantined` are problems that measure nothing here, each with the reason: their samples are
    counted nowhere. `cpu_limits` has the problems whose limit of CPU time, in seconds, is not the
    benchmark's. `proofs` counts the passes by how they were proven.
    """

    collected: int = 0
    dataset_digest: str = ""
    problems: dict[str, ProblemTally] = field(default_factory=dict)
    verdicts: Counter[VerdictKind] = field(default_factory=Counter)
    errors: int = 0
    error_messages: Counter[str] = field(default_factory=Counter)
    truncated: int = 0
    wall_ns: int = 0
    cpu_ns: int = 0
    model_ns: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    quarantined: dict[str, str] = field(default_factory=dict)
    cpu_limits: dict[str, float] = field(default_factory=dict)
    proofs: Counter[str] = field(default_factory=Counter)

    def add(self, record: SampleRecord) -> bool:
        """Count `record`; False, and nothing counted, if its sample was counted before."""
        if record.problem in self.quarantined:
            return True
        problem = self.problems.get(record.problem)
        if problem is None:
            problem = self.problems[record.problem] = ProblemTally()
        bit = 1 << record.sample
        if problem.seen & bit:
            return False
        problem.seen |= bit
        self._add_outcome(problem, record)
        self._add_costs(record)
        return True

    def _add_outcome(self, problem: ProblemTally, record: SampleRecord) -> None:
        if record.kind is None:
            problem.errors += 1
            self.errors += 1
            self._add_message(record.error)
            return
        problem.n += 1
        problem.c += record.solved
        self.verdicts[record.kind] += 1
        if record.solved and record.proof:
            self.proofs[record.proof] += 1

    def _add_message(self, message: str) -> None:
        if message in self.error_messages or len(self.error_messages) < ERRORS_KEPT:
            self.error_messages[message] += 1

    def _add_costs(self, record: SampleRecord) -> None:
        self.truncated += record.truncated
        self.wall_ns += round(record.seconds * 1e9)
        self.cpu_ns += round(record.cpu_seconds * 1e9)
        self.model_ns += round(record.model_seconds * 1e9)
        self.tokens_in += record.tokens_in
        self.tokens_out += record.tokens_out

    @property
    def measured(self) -> int:
        """How many samples have a verdict."""
        return self.verdicts.total()

    @property
    def missing(self) -> int:
        """How many planned samples were never reported, measured or not."""
        return sum(max(p.planned - p.seen.bit_count(), 0) for p in self.problems.values())

    @property
    def planned(self) -> int:
        """How many samples should be reported."""
        return sum(problem.planned for problem in self.problems.values())

    @property
    def planned_n(self) -> int:
        """The n that the plan, or without a plan the best measured problem, allows."""
        planned = max((p.planned for p in self.problems.values()), default=0)
        return planned or max((p.n for p in self.problems.values()), default=0)

    def counts(self) -> list[tuple[int, int]]:
        """(n, c) of every problem with a measured sample, in the order of the problems."""
        return [(p.n, p.c) for p in self.problems.values() if p.n]

    @property
    def smallest_n(self) -> int:
        """The smallest n of a problem with a measured sample; 0 if there is none."""
        return min((n for n, _ in self.counts()), default=0)


class Tally:
    """Counts of every benchmark of a run, in the order of first declaration."""

    def __init__(self) -> None:
        self.benchmarks: dict[str, BenchmarkTally] = {}

    def declare(
        self,
        benchmark: str,
        problems: Iterable[str] | Mapping[str, int],
        dataset_digest: str = "",
        planned: int = 0,
        collected: int = 0,
    ) -> None:
        """Announce problems, so that missing samples are seen.

        Each problem should get `planned` samples, or its own number if `problems` is a mapping.
        `collected` is how many samples the benchmark had before any was deselected.
        Announcing again adds problems and raises the plan; it never forgets a count.
        """
        tally = self.benchmarks.setdefault(benchmark, BenchmarkTally())
        tally.collected = max(tally.collected, collected)
        tally.dataset_digest = dataset_digest or tally.dataset_digest
        each = problems if isinstance(problems, Mapping) else dict.fromkeys(problems, planned)
        for id_, number in each.items():
            problem = tally.problems.setdefault(id_, ProblemTally())
            problem.planned = max(problem.planned, number)

    def quarantine(self, benchmark: str, problem: str, reason: str) -> None:
        """Leave a declared problem out of every count, before its first sample."""
        tally = self.benchmarks[benchmark]
        tally.quarantined[problem] = reason
        tally.collected -= tally.problems.pop(problem).planned

    def add(self, record: SampleRecord) -> bool:
        """Count `record`; False, and nothing counted, if its sample was counted before."""
        tally = self.benchmarks.get(record.benchmark)
        if tally is None:
            tally = self.benchmarks[record.benchmark] = BenchmarkTally()
        return tally.add(record)

    def order(self) -> Sequence[tuple[str, str]]:
        """Every (benchmark, problem), in the order in which reports list them."""
        return [(name, p) for name, tally in self.benchmarks.items() for p in tally.problems]
