"""Before a model is asked anything: do the benchmarks' own solutions pass in this image?

A problem whose reference solution fails here says nothing about a model: it is quarantined, which
means named, listed in every report, and counted in no score. What the others need fits the limits
to this machine (`calibration`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pytest_aibench.items.item import SampleItem
from pytest_aibench.problems.judging import Rules
from pytest_aibench.problems.problem import Problem
from pytest_aibench.report.jsonfile import write_text
from pytest_aibench.sandbox import Limits, Program
from pytest_aibench.session.calibration import Name, patient
from pytest_aibench.session.executing import execute_all

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_aibench.records import Verdict
    from pytest_aibench.session.engine import Engine
    from pytest_aibench.session.plan import SampleKey
    from pytest_aibench.session.run import Run
    from pytest_aibench.settings import Settings

__all__ = ["Solutions", "check", "note_solutions", "reason", "sentences"]


@dataclass(frozen=True, slots=True)
class Solutions:
    """The reference solution of each problem that has one, as a program."""

    programs: dict[Name, Program]

    @classmethod
    def of(cls, items: Iterable[pytest.Item], engine: Engine) -> Solutions:
        """Those of the problems among `items` that the sandbox judges."""
        programs = {}
        for item in items:
            if isinstance(item, SampleItem) and item.shared.needs_sandbox:
                name = (item.shared.benchmark, item.problem.id)
                if name not in programs and item.problem.canonical_solution is not None:
                    programs[name] = _program(name[0], item.problem, engine)
        return cls(programs)

    def write(self, path: Path) -> None:
        rows = [[*name, asdict(program)] for name, program in self.programs.items()]
        write_text(path, json.dumps(rows))

    @classmethod
    def read(cls, path: Path) -> Solutions:
        """The inverse of `write`; none where nobody wrote any."""
        if not path.exists():
            return cls({})
        rows = json.loads(path.read_text(encoding="utf-8"))
        return cls({(benchmark, problem): _restore(row) for benchmark, problem, row in rows})

    def among(self, keys: Iterable[SampleKey]) -> dict[Name, Program]:
        """The programs of the problems that `keys` are samples of."""
        selected = {(key.benchmark, key.problem) for key in keys}
        return {name: program for name, program in self.programs.items() if name in selected}


def note_solutions(items: Iterable[pytest.Item], engine: Engine) -> None:
    """Write for the controller what it has to check; the first process to collect does it."""
    path = engine.run.solutions_file
    if not path.exists():
        Solutions.of(items, engine).write(path)


def check(
    programs: dict[Name, Program],
    settings: Settings,
    run: Run,
    say: Callable[[str], None] = lambda line: None,
) -> dict[Name, Verdict]:
    """The verdicts on `programs`, in their order; each has the time that the program needs.

    What passed in an earlier run, in the same image and within the same limits, is not run again.
    What times out may only need more time than this machine gives it, and runs again with more.

    Raises:
        SandboxError: they could not be run.
    """

    def verdicts_on(programs: dict[Name, Program]) -> dict[Name, Verdict]:
        found = execute_all(
            list(programs.values()), settings, run, "preflight",
            confirm_passes=False, keep_times=True, say=say,
        )  # fmt: skip
        return dict(zip(programs, found, strict=True))

    verdicts = verdicts_on(programs)
    return {**verdicts, **verdicts_on(patient(programs, verdicts))}


def sentences(failed: dict[Name, Verdict]) -> Sequence[str]:
    """One line for each quarantined problem."""
    return [
        f"{benchmark}: {problem} is quarantined, which means in no score: "
        f"its own reference solution fails here ({reason(verdict)})"
        for (benchmark, problem), verdict in failed.items()
    ]


def reason(verdict: Verdict) -> str:
    """Why, in a few words."""
    kind = verdict.kind.replace("_", " ")
    return f"{kind}: {verdict.detail}" if verdict.detail else kind


def _program(benchmark: str, problem: Problem, engine: Engine) -> Program:
    from pytest_aibench.models.base import Reply, ReplyForm

    reply = Reply(problem.canonical_solution or "", ReplyForm.COMPLETION)
    return engine.compose(benchmark, problem, engine.extract(benchmark, problem, reply).code or "")


def _restore(row: dict[str, Any]) -> Program:
    rules: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in row["rules"].items()
    }
    return Program(**{**row, "limits": Limits(**row["limits"]), "rules": Rules(**rules)})
