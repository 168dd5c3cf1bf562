"""What the controller needs to ask a model ahead of the items: the problems' texts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import pytest

from pytest_aibench.items.item import SampleItem
from pytest_aibench.problems.problem import Problem
from pytest_aibench.report.jsonfile import write_text
from pytest_aibench.session.asking import make_request

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_aibench.models.base import ModelIdentity, Request
    from pytest_aibench.session.engine import Engine
    from pytest_aibench.session.plan import SampleKey
    from pytest_aibench.settings import Settings

__all__ = ["Prompts"]


@dataclass(frozen=True, slots=True)
class Prompts:
    """Problems without their tests, and the stop words of each benchmark."""

    problems: dict[str, dict[str, Problem]]
    stop: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, items: Iterable[pytest.Item], engine: Engine) -> Prompts:
        """Of the benchmarks among `items`."""
        shared = {i.shared.benchmark: i.shared for i in items if isinstance(i, SampleItem)}
        return cls(
            {name: {p.id: _asked(p) for p in s.dataset.problems} for name, s in shared.items()},
            {name: engine.stop_words(name) for name in shared},
        )

    def write(self, path: Path) -> None:
        """Write them unless another worker did; all workers write the same."""
        if not path.exists():
            problems = {n: [asdict(p) for p in ps.values()] for n, ps in self.problems.items()}
            write_text(path, json.dumps({"problems": problems, "stop": self.stop}))

    @classmethod
    def read(cls, path: Path) -> Prompts:
        """The inverse of `write`; none where no worker wrote any."""
        if not path.exists():
            return cls({}, {})
        content = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            {
                n: {row["id"]: _problem(row) for row in rows}
                for n, rows in content["problems"].items()
            },
            {name: tuple(words) for name, words in content["stop"].items()},
        )

    def requests(
        self, keys: Iterable[SampleKey], settings: Settings, identity: ModelIdentity
    ) -> list[Request]:
        """The requests of these samples, in their order."""
        return [
            make_request(
                key.benchmark,
                self.problems[key.benchmark][key.problem],
                key.sample,
                settings,
                identity,
                self.stop[key.benchmark],
            )
            for key in keys
        ]


def _asked(problem: Problem) -> Problem:
    return replace(problem, test="", canonical_solution=None, wrong_solutions=())


def _problem(row: dict[str, object]) -> Problem:
    lists = {k: tuple(v) for k, v in row.items() if isinstance(v, list)}
    return Problem(**{**row, **lists})  # type: ignore[arg-type]
