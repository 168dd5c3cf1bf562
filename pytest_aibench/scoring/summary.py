"""The one summary of a run, from which every report is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pytest_aibench.records import VerdictKind, sanitise
from pytest_aibench.scoring.interval import Estimate, estimate_mean
from pytest_aibench.scoring.passk import pass_at_k_values
from pytest_aibench.scoring.tally import BenchmarkTally, ProblemTally, Tally

__all__ = ["SCHEMA_VERSION", "BenchmarkSummary", "RunInfo", "Summary", "build_summary", "score"]

SCHEMA_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What a run was: everything of a summary but the counts.

    `incomplete` names each reason, besides missing samples and errors, why the run does not stand
    for the whole benchmark (a session that was stopped, deselected items). `started_at` is ISO
    8601 with an offset, `seconds` the wall time of the session. `prompt_digest` stands for how
    prompts are made from problems. `warnings` are sentences about what may be wrong with the
    scores, `generation` what asking the model cost, `hosts` the Docker hosts that were named. No
    value may hold a secret.
    """

    id: str
    model: str
    settings: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    incomplete: tuple[str, ...] = ()
    started_at: str = ""
    seconds: float = 0.0
    identity: dict[str, Any] = field(default_factory=dict)
    image_digest: str = ""
    git_revision: str = ""
    prompt_digest: str = ""
    machine: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    generation: dict[str, Any] = field(default_factory=dict)
    hosts: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class BenchmarkSummary:
    """Scores and counts of one benchmark.

    `scores` has an estimate for each k that every measured problem has samples for; `undefined`
    says of those k that were planned, but have none, why. A problem without a measured sample is
    in no mean; it is listed in `unmeasured` and makes the run incomplete. `quarantined` problems
    measure nothing here, for the reason given, and are in no other member. `cpu_limits` has
    the problems whose limit of CPU time is not the benchmark's. `proofs` counts the passes by how
    they were proven. Times in seconds, added over the samples.
    """

    scores: dict[int, Estimate]
    undefined: dict[int, str]
    verdicts: dict[VerdictKind, int]
    collected: int
    planned: int
    measured: int
    errors: int
    missing: int
    unmeasured: tuple[str, ...]
    error_messages: dict[str, int]
    truncated: int
    tokens: dict[str, int]
    seconds: dict[str, float]
    dataset_digest: str
    problems: dict[str, tuple[int, int]]
    quarantined: dict[str, str] = field(default_factory=dict)
    cpu_limits: dict[str, float] = field(default_factory=dict)
    proofs: dict[str, int] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every sample that was collected was measured."""
        return not _gaps(self)

    def to_dict(self) -> dict[str, Any]:
        return {
            **{f"pass@{k}": estimate.to_dict() for k, estimate in self.scores.items()},
            "undefined": {f"pass@{k}": reason for k, reason in self.undefined.items()},
            "verdicts": {str(kind): count for kind, count in self.verdicts.items()},
            "errors": self.errors,
            "complete": self.complete,
            "samples": {
                "collected": self.collected,
                "planned": self.planned,
                "measured": self.measured,
                "missing": self.missing,
                "truncated": self.truncated,
            },
            "unmeasured": list(self.unmeasured),
            "error_messages": self.error_messages,
            "tokens": self.tokens,
            "seconds": self.seconds,
            "dataset_digest": self.dataset_digest,
            **({"quarantined": self.quarantined} if self.quarantined else {}),
            **({"cpu_limits": self.cpu_limits} if self.cpu_limits else {}),
            **({"proofs": self.proofs} if self.proofs else {}),
            "problems": {id_: {"n": n, "c": c} for id_, (n, c) in self.problems.items()},
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """A run and the scores of its benchmarks, in the order in which they were declared.

    `lm_eval` is what lm-eval's `simple_evaluate` returns, for a run of its tasks.
    """

    run: RunInfo
    benchmarks: dict[str, BenchmarkSummary]
    lm_eval: dict[str, Any] = field(default_factory=dict)

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Every reason why the run is not complete, as sentences without a full stop."""
        reasons = list(self.run.incomplete)
        for name, benchmark in self.benchmarks.items():
            reasons += [f"{name}: {reason}" for reason in _gaps(benchmark)]
        return tuple(reasons)

    @property
    def complete(self) -> bool:
        return not self.incomplete

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `docs/schema/summary-1.0.json`; every number finite, at full precision."""
        run = self.run
        content: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "run": {
                "id": run.id,
                "complete": self.complete,
                "incomplete": list(self.incomplete),
                "model": run.model,
                "identity": run.identity,
                "settings": run.settings,
                "versions": run.versions,
                "image_digest": run.image_digest,
                "git_revision": run.git_revision,
                "prompt_digest": run.prompt_digest,
                "machine": run.machine,
                "warnings": list(run.warnings),
                **({"hosts": list(run.hosts)} if run.hosts else {}),
                "generation": run.generation,
                "started_at": run.started_at,
                "seconds": run.seconds,
            },
            "benchmarks": {name: b.to_dict() for name, b in self.benchmarks.items()},
        }
        if self.lm_eval:
            content["lm_eval"] = self.lm_eval
        sane: dict[str, Any] = sanitise(content)
        return sane


def build_summary(
    tally: Tally, run: RunInfo, pass_at: Iterable[int], *, whole: bool = False
) -> Summary:
    """Score what was counted, for each k of `pass_at` that the counts allow.

    A problem without a measured sample is left out; with `whole`, its benchmark has no score.
    """
    ks = sorted(set(pass_at))
    return Summary(
        run, {name: _benchmark(counted, ks, whole) for name, counted in tally.benchmarks.items()}
    )


def score(counts: Iterable[tuple[int, int]], k: int) -> Estimate:
    """Pass@k over problems with (n, c), those without a sample left out.

    Raises:
        ValueError: no problem has a sample, or one has fewer than k.
    """
    return estimate_mean(pass_at_k_values([(n, c) for n, c in counts if n], k))


def _benchmark(tally: BenchmarkTally, ks: list[int], whole: bool) -> BenchmarkSummary:
    counts = tally.counts()
    refused = whole and len(counts) < len(tally.problems)
    smallest = 0 if refused else tally.smallest_n
    return BenchmarkSummary(
        scores={k: score(counts, k) for k in ks if k <= smallest},
        undefined={k: _why_undefined(tally, k) for k in ks if smallest < k <= tally.planned_n},
        verdicts={kind: tally.verdicts[kind] for kind in VerdictKind if tally.verdicts[kind]},
        collected=max(tally.collected, tally.planned),
        planned=tally.planned,
        measured=tally.measured,
        errors=tally.errors,
        missing=tally.missing,
        unmeasured=tuple(id_ for id_, problem in tally.problems.items() if not problem.n),
        error_messages=dict(sorted(tally.error_messages.items(), key=_most_first)),
        truncated=tally.truncated,
        tokens={"in": tally.tokens_in, "out": tally.tokens_out},
        seconds={
            "model": tally.model_ns / 1e9,
            "cpu": tally.cpu_ns / 1e9,
            "samples": tally.wall_ns / 1e9,
        },
        dataset_digest=tally.dataset_digest,
        problems={id_: (problem.n, problem.c) for id_, problem in tally.problems.items()},
        quarantined=dict(tally.quarantined),
        cpu_limits=dict(tally.cpu_limits),
        proofs=dict(sorted(tally.proofs.items())),
    )


def _why_undefined(tally: BenchmarkTally, k: int) -> str:
    measured = {id_: problem for id_, problem in tally.problems.items() if problem.n}
    if not measured:
        return "no sample was measured"
    if len(measured) < len(tally.problems) and tally.smallest_n >= k:
        absent = next(id_ for id_ in tally.problems if id_ not in measured)
        return f"{absent} has no measured sample, and the profile scores whole benchmarks only"
    id_, problem = min(measured.items(), key=_samples)
    return f"{id_} has {problem.n} measured, {k} are needed"


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _samples(item: tuple[str, ProblemTally]) -> int:
    return item[1].n


def _gaps(benchmark: BenchmarkSummary) -> list[str]:
    """What a benchmark lacks, as sentences without a full stop."""
    planned, problems = benchmark.planned, len(benchmark.problems)
    deselected = max(benchmark.collected - planned, 0)
    gaps = {
        f"{deselected:,} of {benchmark.collected:,} collected samples were deselected": deselected,
        f"{benchmark.errors:,} of {planned:,} samples could not be measured": benchmark.errors,
        f"{benchmark.missing:,} of {planned:,} samples were never reported": benchmark.missing,
        f"{len(benchmark.unmeasured):,} of {problems:,} problems have no measured sample": len(
            benchmark.unmeasured
        ),
    }
    return [gap for gap, size in gaps.items() if size]
