"""Real data for tests, from the folder that AIBENCH_DATA names; never part of the project."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

# Read at import: tests run without the variable, so that it decides no result.
_FOLDER = os.environ.get("AIBENCH_DATA")


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
