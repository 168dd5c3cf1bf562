"""`aibench import FILE -o samples.jsonl`: samples of another harness, to be replayed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pytest_aibench.errors import UsageError
from pytest_aibench.interop.bigcode import problems_by_references
from pytest_aibench.interop.bigcode_results import BigCodeResults, is_bigcode_results
from pytest_aibench.interop.formats import FORMATS, detect_format, get_format
from pytest_aibench.interop.rows import Rows
from pytest_aibench.interop.sources import load_dataset, refuse_strangers
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.registry import get_benchmark

__all__ = ["add_arguments", "add_problem_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="FILE", help="file or folder of samples")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="SAMPLES",
        help="file to write, .jsonl or .jsonl.gz, for --model replay/SAMPLES",
    )  # fmt: skip
    parser.add_argument(
        "--format", metavar="NAME", help=f"format of FILE, if it is not seen: {', '.join(FORMATS)}"
    )
    add_problem_arguments(parser)
    parser.add_argument(
        "--references", type=Path, metavar="FILE",
        help="BigCode's references of the same run: they tell which problem a list is of",
    )  # fmt: skip


def add_problem_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that name the problems of a file."""
    parser.add_argument("--benchmark", default="", metavar="NAME", help="whose problems they are")
    parser.add_argument(
        "--problems", type=Path, metavar="FILE", help="problem file of the benchmark 'problems'"
    )


def run(args: argparse.Namespace) -> int:
    """Write the rows to replay; says in which format the file was, and what it held.

    Raises:
        UsageError: the file is malformed, holds no samples, or does not fit the benchmark.
        OSError: a file cannot be read or written.
    """
    _refuse_scores(args.source)
    format_ = get_format(args.format) if args.format else detect_format(args.source)
    dataset = load_dataset(args.benchmark, args.problems) if args.benchmark else None
    file = format_.read(args.source, _problems(args, dataset))
    samples = tuple(refuse_strangers(file.samples, dataset) if dataset else file.samples)
    Rows().write(replace(file, samples=samples), args.output)
    tasks = len({sample.task_id for sample in samples})
    print(f"{args.source}: format {format_.name}, {len(samples):,} samples of {tasks:,} problems")
    print(f"wrote {args.output}")
    return 0


def _problems(args: argparse.Namespace, dataset: Dataset | None) -> Sequence[Problem]:
    if args.references is None:
        return dataset.problems if dataset else ()
    if dataset is None:
        raise UsageError("--references needs --benchmark: whose problems the references are of")
    return problems_by_references(args.references, get_benchmark(args.benchmark), dataset.problems)


def _refuse_scores(path: Path) -> None:
    if is_bigcode_results(path):
        scores = "; ".join(BigCodeResults.read(path).lines())
        raise UsageError(
            f"{path}: holds scores and no samples ({scores}); import the generations of the run"
        )
