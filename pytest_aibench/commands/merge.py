"""`aibench merge SHARD... -o SUMMARY`: one run out of the parts that several machines ran."""

from __future__ import annotations

import argparse
from pathlib import Path

from pytest_aibench.report.jsonfile import write_json
from pytest_aibench.report.lm_eval_merge import merge_lm_eval_samples
from pytest_aibench.report.merge import merge_shards, samples_path

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "shards", type=Path, nargs="+", metavar="SUMMARY",
        help="summary of a shard; its samples (SUMMARY with .samples.jsonl) lie beside it",
    )  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, required=True, help="summary to write")


def run(args: argparse.Namespace) -> int:
    """Write the merged summary and samples; exit code 11 if samples are still missing.

    Raises:
        UsageError: a file is malformed, or the shards are not of one run.
        OSError: a file cannot be read or written.
    """
    samples = samples_path(args.output)
    summary = merge_shards(args.shards, samples)
    write_json(args.output, summary.to_dict())
    documents = merge_lm_eval_samples(args.shards, args.output)
    print(f"wrote {args.output} and {samples}{f' and {documents}' if documents else ''}")
    for reason in summary.incomplete:
        print(f"incomplete: {reason}")
    return 0 if summary.complete else 11
