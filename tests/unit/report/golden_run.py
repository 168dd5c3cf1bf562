"""One small run with everything in it, whose reports are kept as golden files."""

from __future__ import annotations

from dataclasses import replace

from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.scoring.floors import parse_floor
from pytest_aibench.scoring.gate import Decision, GatePolicy, judge
from pytest_aibench.scoring.summary import RunInfo, Summary, build_summary
from pytest_aibench.scoring.tally import Tally

RUN = RunInfo(
    id="20260102-030405-17-ab12",
    model="openai/some|model",
    settings={"n_samples": 10, "temperature": 0.8},
    versions={"pytest-aibench": "0.1.0", "python": "3.11.9"},
    started_at="2026-01-02T03:04:05+00:00",
    seconds=133.25,
    identity={"provider": "openai", "name": "some|model"},
    image_digest="sha256:1111",
    git_revision="2" * 40,
    prompt_digest="3" * 64,
    machine={"system": "Linux", "arch": "x86_64", "cpus": 2},
)
FAILURES = (VerdictKind.WRONG_ANSWER, VerdictKind.TIMEOUT, VerdictKind.NO_CODE)


def record(benchmark: str, problem: int, sample: int, passed: int) -> SampleRecord:
    solved = sample < passed
    return SampleRecord(
        benchmark,
        f"{benchmark.title()}/{problem}",
        sample,
        VerdictKind.PASSED if solved else FAILURES[(problem + sample) % 3],
        truncated=not solved and sample == 9,
        seconds=0.25,
        cpu_seconds=0.01,
        model_seconds=1.5,
        tokens_in=120,
        tokens_out=60 + problem,
    )


def run_of(passed: dict[str, list[int]], run: RunInfo = RUN, lost: int = 0) -> Summary:
    """Ten samples a problem; the last `lost` samples of each benchmark were not measured."""
    tally = Tally()
    for name, counts in passed.items():
        ids = [f"{name.title()}/{i}" for i in range(len(counts))]
        tally.declare(name, ids, dataset_digest="4" * 64, planned=10, collected=10 * len(ids))
        for problem, times in enumerate(counts):
            for sample in range(10):
                drawn = record(name, problem, sample, times)
                if problem == len(counts) - 1 and sample >= 10 - lost:
                    drawn = replace(drawn, kind=None, error="engine <gone>\n| at line 2")
                tally.add(drawn)
    return build_summary(tally, run, (1, 10))


BEFORE = run_of({"alpha": [10, 10, 9, 8, 7, 6, 5, 4], "beta": [10, 5, 0]})
AFTER = run_of({"alpha": [0, 6, 5, 4, 3, 2, 1, 0], "beta": [10, 5, 1]})
WARNED = replace(RUN, warnings=("all replies to 3 problems are <the same>",))
ERRORS = run_of({"alpha": [10, 5, 0]}, WARNED, lost=2)


def decision() -> Decision:
    policy = GatePolicy(
        floors=(parse_floor("alpha:pass@1>=0.5"), parse_floor("no_code<=0.5")), baseline=True
    )
    return judge(AFTER, policy, BEFORE)
