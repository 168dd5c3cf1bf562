"""`aibench cache info|prune`: what is kept on this machine, and dropping what is not used."""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pytest_aibench.errors import UsageError
from pytest_aibench.generation.store import STORE_FILE, ReplyStore
from pytest_aibench.generation.verdicts import VERDICT_FILE, VerdictStore
from pytest_aibench.interop.sources import cache_dir

__all__ = ["add_arguments", "run"]

DAY = 86400.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("info", "prune"))
    parser.add_argument(
        "--unused-days", type=float, metavar="N",
        help="prune: replies that no run used, and verdicts and runs made, in the last N days; "
        "0 drops all",
    )  # fmt: skip
    parser.add_argument(
        "--aibench-cache", type=Path, metavar="DIR",
        help="folder of the cache (default: $AIBENCH_CACHE, or the user's cache folder)",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Show or prune the cache. Downloaded data sets are never pruned.

    Raises:
        UsageError: `prune` without `--unused-days`, or with a negative one.
        StoreError: a store cannot be used.
    """
    folder = args.aibench_cache or cache_dir()
    lines = _info(folder) if args.action == "info" else _prune(folder, _days(args.unused_days))
    for line in lines:
        print(line)
    return 0


def _days(given: float | None) -> float:
    if given is None or not given >= 0:
        raise UsageError("prune needs --unused-days N, N being 0 (drop all) or more")
    return given


def _info(folder: Path) -> Iterator[str]:
    yield f"cache: {folder}"
    if (folder / STORE_FILE).exists():
        with closing(ReplyStore(folder / STORE_FILE)) as store:
            info = store.info()
        since = f", since {_date(info.oldest)}" if info.oldest else ""
        yield f"replies: {info.replies:,} of {info.models:,} models, {_size(info.bytes)}{since}"
    else:
        yield "replies: none"
    yield f"verdicts: {_size(_bytes(folder.glob(VERDICT_FILE + '*')))}"
    runs = _runs(folder)
    yield f"runs: {len(runs):,}, {_size(_bytes(p for run in runs for p in run.rglob('*')))}"
    yield f"data sets: {_size(_bytes((folder / 'data').rglob('*')))}"


def _prune(folder: Path, days: float) -> Iterator[str]:
    if (folder / STORE_FILE).exists():
        with closing(ReplyStore(folder / STORE_FILE)) as replies:
            yield f"dropped {replies.prune(unused_days=days):,} replies"
    if (folder / VERDICT_FILE).exists():
        with closing(VerdictStore(folder / VERDICT_FILE)) as verdicts:
            yield f"dropped {verdicts.prune(older_than_days=days):,} verdicts"
    limit = time.time() - days * DAY
    old = [run for run in _runs(folder) if _last_change(run) <= limit]
    for run in old:
        shutil.rmtree(run)
    yield f"dropped {len(old):,} runs"


def _runs(folder: Path) -> list[Path]:
    return [path for path in (folder / "runs").glob("*") if path.is_dir()]


def _last_change(run: Path) -> float:
    """Of the folder or a file in it: a run that is going on writes there."""
    return max(path.stat().st_mtime for path in (run, *run.rglob("*")))


def _bytes(paths: Iterator[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.is_file())


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def _date(moment: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(moment))
