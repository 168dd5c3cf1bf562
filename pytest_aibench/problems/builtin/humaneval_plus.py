"""HumanEval+ v0.1.10: HumanEval's 164 problems with some 750 inputs each (EvalPlus)."""

from __future__ import annotations

from typing import Any

from pytest_aibench.problems.builtin.evalplus import benchmarks
from pytest_aibench.problems.sources import Pinned

__all__ = ["BENCHMARKS", "FILE"]

FILE = Pinned(
    path="evalplus/HumanEvalPlus.jsonl.gz",
    url="https://raw.githubusercontent.com/evalplus/humanevalplus_release/"
    "200defce9e3429d28ca215b6dd061c0f7f31c18b/HumanEvalPlus.jsonl.gz",
    sha256="272720b90ac375502c8ed23cd791c2a93dfb22a911641a494da74a426c09f101",
)


def _describe(row: dict[str, Any]) -> tuple[str, str]:
    return "none", "root" if row["entry_point"] == "find_zero" else "same"


BENCHMARKS = benchmarks(
    "humaneval-plus",
    "HumanEval+",
    FILE,
    _describe,
    stop=("\ndef ", "\nclass ", "\nimport ", "\nfrom ", "\nassert "),
)
