"""Problems of our own in the form of codeparrot/apps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pytest_aibench.problems import DataSource

__all__ = ["MOST", "ROWS", "SUM", "UNTESTED", "write_rows"]


def _row(number: int, level: str, tests: Any, solutions: list[str], starter: str = "") -> Any:
    return {
        "problem_id": number,
        "question": f"Solve problem {number}.\n",
        "solutions": json.dumps(solutions) if solutions else "",
        "input_output": json.dumps(tests) if tests else "",
        "difficulty": level,
        "url": "",
        "starter_code": starter,
    }


SUM = _row(
    7,
    "introductory",
    {"inputs": ["2\n1 2\n", "0\n", ["1", "-5"]], "outputs": ["3\n", "0\n", ["-5"]]},
    ["n = int(input())\nprint(sum(map(int, input().split())) if n else 0)\n", "wrong"],
)
MOST = _row(
    8,
    "introductory",
    {"fn_name": "most", "inputs": [[[3, 1]], [[2]]], "outputs": [[[3, 1]], [[2, 2]]]},
    ["class Solution:\n    def most(self, xs: List[int]):\n        return max(xs), min(xs)\n"],
    "\nclass Solution:\n    def most(self, xs: List[int]):\n",
)
UNTESTED = _row(9, "interview", None, [])
ROWS = (SUM, UNTESTED, MOST)


def write_rows(folder: Path, rows: Any = ROWS) -> DataSource:
    """`rows` where the benchmark looks for them."""
    path = folder / "apps" / "test.jsonl"
    path.parent.mkdir()
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return DataSource(folder, folder, allow_download=False)
