"""Where samples to export come from, and whose problems they are of."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_aibench.errors import UsageError
from pytest_aibench.interop.formats import detect_format
from pytest_aibench.interop.samples import FileSample, SampleFile
from pytest_aibench.problems.problem import Dataset
from pytest_aibench.problems.registry import get_benchmark
from pytest_aibench.problems.sources import DataSource
from pytest_aibench.report.load import load_summary
from pytest_aibench.report.merge import samples_path
from pytest_aibench.scoring.summary import Summary
from pytest_aibench.settings import default_cache_dir

__all__ = ["Source", "cache_dir", "load_dataset", "open_source", "refuse_strangers"]


@dataclass(frozen=True, slots=True)
class Source:
    """Samples of one benchmark; `summary` where a run made them. `benchmark` may be empty."""

    file: SampleFile
    benchmark: str
    summary: Summary | None = None

    @property
    def unanswered(self) -> int:
        """Samples of the run that its file of samples may lack: they were not measured."""
        if self.summary is None:
            return 0
        found = self.summary.benchmarks[self.benchmark]
        return found.errors + found.missing


def open_source(path: Path, benchmark: str = "") -> Source:
    """The samples of a run, given by its summary (or the folder with it), or of an imported file.

    Raises:
        UsageError: the run has several benchmarks, or not the one that was named.
        DataError: a file is malformed.
    """
    path = path / "summary.json" if (path / "summary.json").is_file() else path
    if path.suffix != ".json":
        return Source(detect_format(path).read(path), benchmark)
    summary = load_summary(path)
    name = _chosen(summary, benchmark, path)
    samples = samples_path(path)
    file = detect_format(samples).read(samples)
    chosen = _only(file.samples, name)
    if _base_of(name) in summary.benchmarks:
        again = detect_format(samples).read(samples).samples  # which can be read once
        chosen = _with_base(chosen, _only(again, _base_of(name)))
    facts = {"settings": summary.run.settings}
    return Source(replace(file, samples=chosen, facts=facts), name, summary)


def cache_dir() -> Path:
    """The folder that `$AIBENCH_CACHE` names, or the user's cache folder."""
    named = os.environ.get("AIBENCH_CACHE")
    return Path(named).expanduser() if named else default_cache_dir()


def load_dataset(
    benchmark: str, problem_file: Path | None = None, *, may_download: bool = True
) -> Dataset:
    """The problems of a benchmark, from `$AIBENCH_DATA` or the cache, downloaded if need be.

    Raises:
        UsageError: there is no such benchmark.
        DataAbsent: its data are nowhere.
        DataError: its data are wrong.
    """
    found = DataSource.from_environment(allow_download=may_download)
    source = replace(found, cache_dir=cache_dir() / "data", problem_file=problem_file)
    return get_benchmark(benchmark).load(source)


def refuse_strangers(samples: Iterable[FileSample], dataset: Dataset) -> Iterator[FileSample]:
    """The samples, as the problems spell their ids; letter case alone does not tell ids apart.

    Raises:
        UsageError: a sample's problem is not in `dataset`.
    """
    ids = {problem.id.lower(): problem.id for problem in dataset.problems}
    exact = {problem.id for problem in dataset.problems}
    for sample in samples:
        id_ = sample.task_id if sample.task_id in exact else ids.get(sample.task_id.lower())
        if id_ is None:
            raise UsageError(
                f"{sample.task_id} is no problem of the benchmark (its first is "
                f"{dataset.problems[0].id}); give the --benchmark that the file is of"
            )
        yield sample if id_ == sample.task_id else replace(sample, task_id=id_)


def _base_of(benchmark: str) -> str:
    """The benchmark that asks the same, and judges by the base tests alone."""
    return f"{benchmark}-base"


def _with_base(samples: Iterable[FileSample], base: Iterable[FileSample]) -> Iterator[FileSample]:
    results = {(sample.task_id, sample.sample): sample.result for sample in base}
    for sample in samples:
        yield replace(sample, base=results.get((sample.task_id, sample.sample), ""))


def _chosen(summary: Summary, benchmark: str, path: Path) -> str:
    names = list(summary.benchmarks)
    if benchmark and benchmark not in names:
        raise UsageError(f"{path} has no benchmark {benchmark} (it has {', '.join(names)})")
    if not benchmark and len(names) != 1:
        raise UsageError(
            f"{path} has {len(names)} benchmarks ({', '.join(names)}); choose one with --benchmark"
        )
    return benchmark or names[0]


def _only(samples: Iterable[FileSample], benchmark: str) -> Iterator[FileSample]:
    return (sample for sample in samples if sample.benchmark == benchmark)
