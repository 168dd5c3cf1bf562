"""The harness itself: its tasks by name, made and asked for their documents."""

from __future__ import annotations

import contextlib
import difflib
import inspect
import io
import warnings
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from pytest_aibench.bigcode.options import BigCodeOptions
from pytest_aibench.errors import DataError, UsageError

__all__ = ["documents_of", "has_task", "is_installed", "make_task", "unknown_task"]


def is_installed() -> bool:
    """Whether `bigcode_eval` is here, without importing it."""
    return find_spec("bigcode_eval") is not None


def has_task(name: str) -> bool:
    """Whether the installed harness knows a task of that name.

    Raises:
        UsageError: the harness cannot be imported.
    """
    return name in _registry()


def unknown_task(name: str) -> UsageError:
    """What to say of a name that is not the harness's."""
    near = difflib.get_close_matches(name, _registry(), n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return UsageError(f"--bigcode-tasks {name}: the harness has no such task{hint}")


def make_task(name: str, options: BigCodeOptions) -> Any:
    """The harness's task of that name.

    Raises:
        UsageError: the task wants options that were not given, or executes nothing.
        DataError: the task's data can be had nowhere.
    """
    make = _registry()[name]
    task = _loaded(name, make, _arguments(make, options))
    if not task.requires_execution:
        raise UsageError(
            f"--bigcode-tasks {name}: it is scored without executing anything, and cannot be "
            "measured in a sandbox; run it with the harness's own main.py"
        )
    return task


def documents_of(name: str, task: Any) -> list[Any]:
    """The documents of `task`, in their order. Raises `DataError` where there are none."""
    with _quiet() as said:
        try:
            dataset = task.get_dataset()
            documents = [dataset[index] for index in range(len(dataset))]
        except Exception as error:
            raise DataError(_no_data(name, said, error)) from error
    if not documents:
        raise DataError(f"--bigcode-tasks {name}: its data set is empty")
    return documents


def _registry() -> dict[str, Any]:
    with _quiet():
        try:
            found: dict[str, Any] = import_module("bigcode_eval.tasks").TASK_REGISTRY
        except Exception as error:
            raise UsageError(
                f"--bigcode-tasks: bigcode_eval cannot be imported ({type(error).__name__}: "
                f"{error}); install what it requires in this environment"
            ) from error
    return found


def _arguments(make: Any, options: BigCodeOptions) -> dict[str, Any]:
    """What the harness's `get_task` passes on, where it was given."""
    taken = inspect.signature(make).parameters
    given = {"prompt": options.prompt, "load_data_path": options.descriptions}
    return {key: value for key, value in given.items() if key in taken and value is not None}


def _loaded(name: str, make: Any, arguments: dict[str, Any]) -> Any:
    with _quiet() as said:
        try:
            task = make(**arguments)
        except (AssertionError, TypeError) as error:
            raise UsageError(
                f"--bigcode-tasks {name}: {error}; see --bigcode-prompt and --bigcode-descriptions"
            ) from error
        except Exception as error:
            raise DataError(_no_data(name, said, error)) from error
    # The harness only warns of data that it cannot load.
    if said and not hasattr(task, "dataset") and task.DATASET_PATH:
        raise DataError(_no_data(name, said, said[-1].message))
    return task


def _no_data(name: str, said: list[warnings.WarningMessage], error: object) -> str:
    reason = said[-1].message if said else error
    return (
        f"--bigcode-tasks {name}: its data set cannot be loaded ({str(reason).partition('.')[0]}). "
        "Load it once where the data hub can be reached: the library `datasets` keeps a copy"
    )


@contextlib.contextmanager
def _quiet() -> Iterator[list[warnings.WarningMessage]]:
    """Keep bars, prints and warnings off the terminal; the warnings are collected."""
    nowhere = io.StringIO()
    with (
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        warnings.catch_warnings(record=True) as said,
    ):
        warnings.simplefilter("always")
        yield said
