"""From a benchmark function to its items."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.declare import Declaration
from pytest_aibench.errors import AibenchError
from pytest_aibench.items.item import BenchmarkFunction, SampleItem, sample_id
from pytest_aibench.items.sample import Engine
from pytest_aibench.problems.sources import DataAbsent
from pytest_aibench.profiles import NotCovered

__all__ = ["UnavailableItem", "collect_function"]


def collect_function(
    collector: pytest.Collector,
    name: str,
    function: Callable[..., object],
    declaration: Declaration,
    engine: Engine,
) -> list[pytest.Item]:
    """The items of one benchmark function: problem by problem, sample by sample.

    A benchmark whose data is not on this machine, or that the profile does not define, is skipped
    with the reason where a folder was asked for, and an error where its file was.
    """
    explicit = named_on_command_line(collector.path, collector.config)
    try:
        dataset = engine.load(declaration, collector.path, may_download=explicit)
    except (DataAbsent, NotCovered) as absent:
        if explicit:
            raise collector.CollectError(str(absent)) from absent
        what = "no data" if isinstance(absent, DataAbsent) else "not covered"
        return [UnavailableItem.from_parent(collector, name=f"{name}[{what}]", reason=str(absent))]
    except AibenchError as error:
        raise collector.CollectError(f"{type(error).__name__}: {error}") from error
    shared = BenchmarkFunction(
        collector, name, function, declaration.name, dataset, engine, declaration.label
    )
    return _items(collector, shared, engine.settings.n_samples)


def named_on_command_line(path: Path, config: pytest.Config) -> bool:
    """Whether the user asked for this very file, by path or (with --pyargs) by module name."""
    for argument in config.args:
        target = str(argument).partition("::")[0]
        if (config.invocation_params.dir / target).resolve() == path.resolve():
            return True
        if path.stem == target.rpartition(".")[2] and config.getoption("pyargs"):
            return True
    return False


class UnavailableItem(pytest.Item):
    """Stands for a benchmark that cannot be measured here; skips with the reason."""

    def __init__(self, *, reason: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason = reason

    def runtest(self) -> None:
        pytest.skip(self.reason)


def _items(
    collector: pytest.Collector, shared: BenchmarkFunction, n_samples: int
) -> list[pytest.Item]:
    items: list[pytest.Item] = []
    for problem in shared.dataset.problems:
        for index in range(n_samples):
            bracket = f"[{sample_id(problem.id, index)}]"
            items.append(
                SampleItem.from_parent(
                    collector,
                    name=shared.name + bracket,
                    nodeid=shared.nodeid + bracket,
                    shared=shared,
                    problem=problem,
                    index=index,
                )
            )
    return items
