"""`aibench export RUN --format NAME -o OUT`: the samples of a run as another harness's file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pytest_aibench.commands.import_ import add_problem_arguments
from pytest_aibench.errors import UsageError
from pytest_aibench.interop.bigcode import write_references
from pytest_aibench.interop.bigcode_results import BigCodeResults
from pytest_aibench.interop.formats import FORMATS, get_format
from pytest_aibench.interop.sources import Source, load_dataset, open_source, refuse_strangers
from pytest_aibench.problems.errors import DataAbsent
from pytest_aibench.problems.problem import Dataset
from pytest_aibench.problems.registry import benchmark_names, get_benchmark
from pytest_aibench.report.load import load_summary

__all__ = ["add_arguments", "run"]

RESULTS, REFERENCES = "bigcode-results", "bigcode-references"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = [name for name in FORMATS if name != "aibench-run"]
    parser.add_argument(
        "source", type=Path, metavar="RUN",
        help="summary of a run or the folder with it, or a file that aibench import wrote",
    )  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT")
    parser.add_argument(
        "--format", required=True, metavar="NAME",
        help=f"format to write: {', '.join([*names, RESULTS, REFERENCES])}",
    )  # fmt: skip
    add_problem_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Write the file; says what its format cannot carry.

    Raises:
        UsageError: a file is malformed, or the benchmark has to be named.
        OSError: a file cannot be read or written.
    """
    lost = _results(args) if args.format == RESULTS else _samples(args)
    print(f"wrote {args.output}: format {args.format}")
    for line in lost:
        print(f"not carried: {line}")
    return 0


def _results(args: argparse.Namespace) -> list[str]:
    BigCodeResults.of(load_summary(_summary_of(args.source))).write(args.output)
    return ["samples, intervals and counts: the format has scores alone"]


def _summary_of(path: Path) -> Path:
    return path / "summary.json" if path.is_dir() else path


def _samples(args: argparse.Namespace) -> list[str]:
    source = open_source(args.source, args.benchmark)
    dataset = _dataset(source, args)
    if args.format == REFERENCES:
        return _references(args, source, dataset)
    format_ = get_format(args.format)
    file = source.file
    if dataset is not None and file.format != format_.name:
        file = replace(file, samples=refuse_strangers(file.samples, dataset))
    losses = format_.write(file, args.output, dataset.problems if dataset else ())
    return [*losses.lines(), *_unsaid(source, format_.name)]


def _dataset(source: Source, args: argparse.Namespace) -> Dataset | None:
    """The problems, where they can be had: not those that a test file brings along. Not every
    format needs them, so that only who names the benchmark has to have its data."""
    if source.benchmark not in benchmark_names():
        return None
    try:
        return load_dataset(source.benchmark, args.problems, may_download=bool(args.benchmark))
    except DataAbsent:
        if args.benchmark:
            raise
        return None


def _references(args: argparse.Namespace, source: Source, dataset: Dataset | None) -> list[str]:
    if dataset is None:
        raise UsageError(f"--format {REFERENCES}: name the benchmark with --benchmark")
    write_references(args.output, get_benchmark(source.benchmark), dataset.problems)
    return []


def _unsaid(source: Source, name: str) -> Sequence[str]:
    """What is lost of the run or the file as a whole."""
    lines = []
    if source.unanswered:
        lines.append(f"{source.unanswered:,} samples of the run that were not measured")
    if source.summary is not None:
        lines.append("model, tokens and times of the run, and settings that are not named in it")
    elif source.file.facts and name not in (source.file.format, "aibench"):
        lines.append(f"{', '.join(source.file.facts)} of the {source.file.format} file")
    return lines
