"""MBPP+ v0.2.0: 378 of MBPP's sanitized problems with some 105 inputs each (EvalPlus)."""

from __future__ import annotations

from typing import Any

from pytest_aibench.problems.builtin.evalplus import benchmarks
from pytest_aibench.problems.sources import Pinned

__all__ = ["BENCHMARKS", "FILE"]

FILE = Pinned(
    path="evalplus/MbppPlus.jsonl.gz",
    url="https://raw.githubusercontent.com/evalplus/mbppplus_release/"
    "64fc4195b858a17cdfdb3324f0baf37939144e14/MbppPlus.jsonl.gz",
    sha256="af43697e8791c4c149bdfd6b489d8b5412507551ac20e28a439f650b8225db63",
)

# The file's inputs are JSON; what they were before is in no field (`evalplus/data/mbpp.py`).
_CONVERSIONS: dict[str, tuple[int, ...]] = {
    "tuples": (
        2, 116, 132, 222, 261, 273, 394, 421, 424, 429, 470, 560, 579, 596, 616, 630, 726, 740,
        744, 809,
    ),
    "lists of tuples": (63, 64, 70, 94, 120, 237, 272, 299, 409, 473, 614, 780),
    "tuples of tuples": (259, 278, 445),
    "all tuples": (580, 615, 791),
    "first: tuple": (250, 405, 446, 720, 763, 808),
    "second: tuple": (106, 750),
    "first: list of tuples": (75, 413, 753),
    "first: dict of tuples": (722,),
    "first: complex": (252,),
    "float, complex": (124,),
}  # fmt: skip
_CONVERSION_OF = {task: name for name, tasks in _CONVERSIONS.items() for task in tasks}
# Tasks that equality alone would not judge well (`evalplus/eval/_special_oracle.py`).
_RULE_OF = {
    2: "same set",
    7: "same set",
    111: "same set",
    140: "same set",
    232: "same set",
    558: "digit distance",
    579: "same set",
    581: "surface",
    769: "same set",
}
_MATCHES = ("check_str", "text_match_three", "text_starta_endb")


def _describe(row: dict[str, Any]) -> tuple[str, str]:
    task = int(row["task_id"].removeprefix("Mbpp/"))
    rule = "something" if row["entry_point"] in _MATCHES else _RULE_OF.get(task, "same")
    return _CONVERSION_OF.get(task, "none"), rule


BENCHMARKS = benchmarks("mbpp-plus", "MBPP+", FILE, _describe, stop=('\n"""', "\nassert"))
