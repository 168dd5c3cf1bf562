"""CPU limits fitted to this machine: a limit that the reference solution itself nearly uses up says
more about the machine than about a model.

A benchmark's limit is a promise about the machine of its authors. Where a reference solution needs
more than 1 / `HEADROOM` of it here, the samples of its problem get `HEADROOM` times what that
solution needs, in steps of half the benchmark's limit; never less than that limit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.report.jsonfile import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_aibench.sandbox import Limits, Program

__all__ = ["HEADROOM", "SLOWEST", "Calibration", "Name", "patient"]

HEADROOM = 2.0
"""How many times the CPU time of its reference solution a problem's samples may use at least."""

SLOWEST = 5.0
"""How many times a benchmark's limit its reference solution may need at most."""

_NAMED = 5
_STEPS = 2  # of a benchmark's limit: small differences between runs change no limit

Name = tuple[str, str]
"""Benchmark and problem."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """`cpu_seconds` holds the CPU limits that are raised."""

    cpu_seconds: dict[Name, float] = field(default_factory=dict)

    @classmethod
    def of(cls, programs: Mapping[Name, Program], verdicts: Mapping[Name, Verdict]) -> Calibration:
        """From the verdicts on reference solutions; `programs` have the benchmarks' own limits."""
        needed = {name: verdict.cpu_seconds for name, verdict in verdicts.items() if verdict.passed}
        raised = {
            name: _fitted(seconds, programs[name].limits.cpu_seconds)
            for name, seconds in needed.items()
        }
        return cls({n: s for n, s in raised.items() if s > programs[n].limits.cpu_seconds})

    def write(self, path: Path) -> None:
        rows = [[*name, seconds] for name, seconds in self.cpu_seconds.items()]
        write_text(path, json.dumps(rows))

    @classmethod
    def read(cls, path: Path) -> Calibration:
        """The inverse of `write`; nothing is raised where nobody wrote any."""
        if not path.exists():
            return cls()
        rows = json.loads(path.read_text(encoding="utf-8"))
        return cls({(benchmark, problem): seconds for benchmark, problem, seconds in rows})

    def limits(self, name: Name, limits: Limits) -> Limits:
        """`limits`, or what takes their place for this problem."""
        seconds = self.cpu_seconds.get(name)
        return limits if seconds is None else _within(limits, seconds)

    def sentences(self) -> Iterable[str]:
        """One line for each benchmark of which limits are raised."""
        for benchmark in dict.fromkeys(benchmark for benchmark, _ in self.cpu_seconds):
            raised = [
                f"{problem} to {seconds:g} s"
                for (other, problem), seconds in self.cpu_seconds.items()
                if other == benchmark
            ]
            more = [f"and {len(raised) - _NAMED} more"] if len(raised) > _NAMED else []
            yield (
                f"{benchmark}: CPU limits are raised where the reference solution needs more than "
                f"half of them on this machine: {', '.join([*raised[:_NAMED], *more])}"
            )


def patient(
    programs: Mapping[Name, Program], verdicts: Mapping[Name, Verdict]
) -> dict[Name, Program]:
    """What timed out, to be run again within `SLOWEST` times its CPU limit."""
    return {
        name: replace(program, limits=_within(program.limits, SLOWEST * program.limits.cpu_seconds))
        for name, program in programs.items()
        if verdicts[name].kind is VerdictKind.TIMEOUT
    }


def _fitted(needed: float, limit: float) -> float:
    return max(limit, math.ceil(HEADROOM * needed / limit * _STEPS) / _STEPS * limit)


def _within(limits: Limits, cpu_seconds: float) -> Limits:
    """`limits` with this CPU limit, and a wall limit that is as much wider as before."""
    factor = cpu_seconds / limits.cpu_seconds
    wall_seconds = max(limits.wall_seconds, factor * limits.wall_seconds)
    return replace(limits, cpu_seconds=cpu_seconds, wall_seconds=wall_seconds)
