"""From the test function to the items of every task that `--bigcode-tasks` names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_aibench.bigcode.options import BigCodeOptions
from pytest_aibench.declare import Declaration
from pytest_aibench.errors import AibenchError
from pytest_aibench.items.collect import collect_function, named_on_command_line
from pytest_aibench.session.engine import Engine

__all__ = ["collect_tasks"]

NO_TASKS = (
    "no task of BigCode's harness is named. Give --bigcode-tasks TASK,... such as humaneval,mbpp, "
    "spelled as BigCode does"
)


def collect_tasks(
    collector: pytest.Collector, name: str, function: Callable[..., object], engine: Engine
) -> list[pytest.Item]:
    """The items of all tasks, `NAME_TASK[PROBLEM-sSAMPLE]`; none where no task is named."""
    config = collector.config
    options = BigCodeOptions.from_config(config)
    if not options.tasks:
        if named_on_command_line(collector.path, config):
            raise collector.CollectError(NO_TASKS)
        return []
    from pytest_aibench.bigcode.benchmarks import benchmark_of
    from pytest_aibench.problems.registry import register

    items: list[pytest.Item] = []
    for task in options.tasks:
        try:
            benchmark = register(benchmark_of(task, options))
        except AibenchError as error:
            raise collector.CollectError(str(error)) from error
        declaration = Declaration(benchmark.name, None, label=f"_{task}")
        items += collect_function(collector, name, function, declaration, engine)
    return items
