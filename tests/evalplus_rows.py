"""Problems of our own in EvalPlus's file format."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pytest_aibench.problems import Benchmark, Dataset, DataSource, Pinned
from pytest_aibench.problems.builtin.evalplus import benchmarks

__all__ = ["ABSOLUTE", "HALVES", "ROWS", "WIDEST", "load_rows"]


@dataclass(frozen=True)
class Row:
    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    base_input: list[Any]
    plus_input: Any
    atol: float = 0
    contract: str = field(default="\n    assert True\n")


ABSOLUTE = Row(
    task_id="Rows/0",
    prompt='def absolute(x: int) -> int:\n    """Without its sign."""\n',
    entry_point="absolute",
    canonical_solution="    return x if x > 0 else -x\n",
    base_input=[[3], [0]],
    plus_input=[[-7], [10**40]],
)
WIDEST = Row(
    task_id="Rows/1",
    prompt='"""\nWrite a function to find the widest of pairs.\n"""\n',
    entry_point="sum",
    canonical_solution="\ndef sum(pairs):\n    return max(pairs, key=lambda p: p[1] - p[0])\n",
    base_input=[[[[1, 2], [3, 5]]], [[[0, 9]]]],
    plus_input={},
)
HALVES = Row(
    task_id="Rows/2",
    prompt='def halves(values: list) -> list:\n    """Half of each."""\n',
    entry_point="halves",
    canonical_solution="    return [value / 2 for value in values]\n",
    base_input=[[[1, 2]]],
    plus_input=[[[]], [[0.1, 0.7]]],
)
ROWS = (ABSOLUTE, WIDEST, HALVES)


def load_rows(folder: Path) -> tuple[tuple[Benchmark, Dataset], tuple[Benchmark, Dataset]]:
    """The benchmarks `rows` and `rows-base`, and what they load."""
    content = "".join(json.dumps(asdict(row)) + "\n" for row in ROWS).encode()
    (folder / "rows.jsonl").write_bytes(content)
    file = Pinned("rows.jsonl", "https://127.0.0.1/", hashlib.sha256(content).hexdigest())
    source = DataSource(folder, folder, allow_download=False)
    plus, base = benchmarks("rows", "Rows", file, _describe, stop=("\ndef ",))
    return (plus, plus.load(source)), (base, base.load(source))


def _describe(row: dict[str, Any]) -> tuple[str, str]:
    return ("lists of tuples" if row["entry_point"] == "sum" else "none"), "same"
