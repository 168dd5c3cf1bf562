"""Real data for tests, from the folder that AIBENCH_DATA names; never part of the project."""

from __future__ import annotations

import gzip
import json
import os
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest

# Read at import: tests run without the variables, so that they decide no result.
_FOLDER = os.environ.get("AIBENCH_DATA")
FULL = os.environ.get("AIBENCH_FULL") == "1"

T = TypeVar("T")


def data_file(name: str) -> Path:
    """A file of the data folder; skips the test where it is not there."""
    if not _FOLDER:
        pytest.skip("AIBENCH_DATA is not set: it names the folder with public benchmark data")
    path = Path(_FOLDER) / name
    if not path.is_file():
        pytest.skip(f"{name} is not in the folder that AIBENCH_DATA names")
    return path


def data_rows(name: str) -> list[dict[str, Any]]:
    """The rows of a .jsonl.gz file of the data folder."""
    with gzip.open(data_file(name), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def part(all_of_them: Sequence[T], stratum: Callable[[T], Hashable], most: int) -> list[T]:
    """At most `most` of each stratum, spread over it, in their order; all with AIBENCH_FULL=1."""
    if FULL:
        return list(all_of_them)
    strata = defaultdict[Hashable, list[int]](list)
    for i, one in enumerate(all_of_them):
        strata[stratum(one)].append(i)
    chosen = {places[k * len(places) // most] for places in strata.values() for k in range(most)}
    return [all_of_them[i] for i in sorted(chosen)]
