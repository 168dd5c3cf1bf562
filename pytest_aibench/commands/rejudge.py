"""`aibench rejudge RUN.json`: extract and execute the stored replies of a run again."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from pytest_aibench.bigcode.options import PREFIX
from pytest_aibench.errors import UsageError
from pytest_aibench.report.load import load_summary
from pytest_aibench.report.merge import samples_path
from pytest_aibench.scoring.summary import Summary

__all__ = ["add_arguments", "run"]

# Sampling changes nothing in a replay, but two runs are compared only where it is the same.
_CARRIED = (
    "n_samples",
    "limit",
    "profile",
    "isolation",
    "pass_at",
    "temperature",
    "top_p",
    "top_k",
    "max_tokens",
    "seed",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", type=Path, metavar="RUN",
        help="summary of a run, or the folder that holds it; its samples lie beside it",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", type=Path, metavar="NEW", help="summary to write (default: in the cache)"
    )
    parser.add_argument(
        "pytest", nargs=argparse.REMAINDER, metavar="PYTEST ARGS",
        help="more arguments of pytest, such as -n 8 or --baseline RUN.json",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Run pytest on the tests of the run with its replies; pytest's exit code.

    Raises:
        UsageError: the run has no samples, its tests are not known or not below this folder.
    """
    path = args.source / "summary.json" if args.source.is_dir() else args.source
    summary = load_summary(path)
    samples = samples_path(path)
    if not samples.is_file():
        raise UsageError(f"{samples} is not there: it holds the replies; move it beside {path}")
    output, further = _split(args.output, args.pytest)
    command = [sys.executable, "-m", "pytest", *_tests(summary, path), *_options(summary)]
    command += _tasks(summary)
    # Stored verdicts may be of an older sandbox.
    command += ["--model", f"replay/{samples}", "--no-cache"]
    command += ["--aibench-report", str(output)] if output else []
    return subprocess.run([*command, *further], check=False).returncode


def _split(output: Path | None, rest: list[str]) -> tuple[Path | None, list[str]]:
    """`-o NEW` after RUN is not yet pytest's, nor is the `--` that may end our own arguments."""
    if rest[:1] in (["-o"], ["--output"]) and len(rest) > 1:
        output, rest = Path(rest[1]), rest[2:]
    return output, rest[1:] if rest[:1] == ["--"] else rest


def _tests(summary: Summary, path: Path) -> list[str]:
    tests: list[str] = summary.run.settings.get("tests", [])
    if not tests:
        raise UsageError(
            f"{path} does not tell its tests; run them by hand: pytest TESTS --model "
            f"replay/{samples_path(path)}"
        )
    for test in tests:
        if not Path(test.partition("::")[0]).is_file():
            raise UsageError(
                f"{test}, which {path} is of, is not here; go to the folder that the run's "
                "pytest called its rootdir"
            )
    return tests


def _tasks(summary: Summary) -> list[str]:
    """BigCode's tasks of the run, as its tests have to be told them."""
    names = [name for name in summary.benchmarks if name.startswith(PREFIX)]
    tasks = ",".join(name.removeprefix(PREFIX) for name in names)
    return ["--bigcode-tasks", tasks] if tasks else []


def _options(summary: Summary) -> list[str]:
    """The options of the run, as far as they say what its samples and its scores are."""
    settings = dict(summary.run.settings)
    settings["pass_at"] = ",".join(map(str, settings.get("pass_at", ()))) or None
    given = {name: settings.get(name) for name in _CARRIED}
    return [
        text
        for name, value in given.items()
        if value is not None
        for text in (f"--{name.replace('_', '-')}", str(value))
    ]
