"""What a run is going to measure.

Under xdist only workers collect; the first to finish writes the plan for the controller, which
needs it to know a sample by its node id.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from pytest_aibench.items.item import BenchmarkFunction, SampleItem

__all__ = ["Plan", "PlannedFunction", "SampleKey"]


@dataclass(frozen=True, slots=True)
class SampleKey:
    """Names a sample in the whole run."""

    benchmark: str
    problem: str
    sample: int


@dataclass(frozen=True, slots=True)
class PlannedFunction:
    """One benchmark function. `collected` counts its items before any was deselected."""

    nodeid: str
    benchmark: str
    dataset_digest: str
    dataset_source: str
    needs_sandbox: bool
    languages: tuple[str, ...]
    collected: int

    @classmethod
    def of(cls, shared: BenchmarkFunction, n_samples: int) -> PlannedFunction:
        return cls(
            nodeid=shared.nodeid,
            benchmark=shared.benchmark,
            dataset_digest=shared.dataset.digest,
            dataset_source=shared.dataset.source,
            needs_sandbox=shared.needs_sandbox,
            languages=tuple(sorted({problem.executed_as for problem in shared.dataset.problems})),
            collected=len(shared.dataset.problems) * n_samples,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The benchmark functions of a run, in the order of collection."""

    functions: tuple[PlannedFunction, ...]

    @classmethod
    def of(cls, items: Iterable[pytest.Item], n_samples: int) -> Plan:
        """The plan of what pytest collected and selected."""
        shared = {item.shared.nodeid: item.shared for item in items if isinstance(item, SampleItem)}
        return cls(tuple(PlannedFunction.of(s, n_samples) for s in shared.values()))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of all programs that are going to be executed."""
        needed = (f.languages for f in self.functions if f.needs_sandbox)
        return tuple(sorted({language for languages in needed for language in languages}))

    @property
    def tests(self) -> list[str]:
        """The functions by node id, as a later run can be given them."""
        return [function.nodeid for function in self.functions]

    def locate(self, nodeid: str) -> SampleKey | None:
        """The sample behind a node id; None for a test that is no sample."""
        base, bracket, rest = nodeid.partition("[")
        for function in self.functions:
            if bracket and function.nodeid == base:
                problem, _, index = rest.removesuffix("]").rpartition("-s")
                if problem and index.isdigit():
                    return SampleKey(function.benchmark, sys.intern(problem), int(index))
        return None

    def samples(self, nodeids: Sequence[str]) -> dict[str, SampleKey]:
        """The samples among `nodeids`, in their order."""
        found = ((nodeid, self.locate(nodeid)) for nodeid in nodeids)
        return {nodeid: key for nodeid, key in found if key is not None}

    def write(self, path: Path) -> None:
        """Write the plan unless another worker did; all workers write the same."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            return
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump([asdict(function) for function in self.functions], file)
        Path(name).replace(path)

    @classmethod
    def read(cls, path: Path) -> Plan:
        """The inverse of `write`; an empty plan where no worker wrote one."""
        if not path.exists():
            return cls(())
        rows = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            tuple(PlannedFunction(**{**r, "languages": tuple(r["languages"])}) for r in rows)
        )
