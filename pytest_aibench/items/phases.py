"""Setup, call and teardown of an item, through pytest's hooks.

Pytest captures output and log records anew in each phase. Twice of three times that is in vain for
a sample that asks for our own fixtures only: no code but pytest's and ours runs before and after
its function. Its setup and teardown are then called without those who capture, which saves about
an eighth of what an item costs its process.
"""

from __future__ import annotations

from typing import Any, Literal, Protocol, TypeVar

import pytest
from _pytest.logging import caplog_handler_key, caplog_records_key
from _pytest.runner import CallInfo, get_reraise_exceptions

__all__ = ["QuietHooks", "SingleItem", "call", "setup", "teardown"]

When = Literal["setup", "call", "teardown"]
T = TypeVar("T")

_CAPTURING = ("capturemanager", "logging-plugin")
_OURS = ("_pytest.", "pytest_aibench.")


class QuietHooks:
    """Setup and teardown of items without capturing, to be called like pytest's hooks.

    `possible` is False where somebody else has hooks for them, who may write something.
    """

    def __init__(self, manager: pytest.PytestPluginManager) -> None:
        names = ("pytest_runtest_setup", "pytest_runtest_teardown")
        capturing = [manager.get_plugin(n) for n in _CAPTURING if manager.has_plugin(n)]
        self._setup, self._teardown = (manager.subset_hook_caller(n, capturing) for n in names)
        hooks = [hook for name in names for hook in getattr(manager.hook, name).get_hookimpls()]
        self.possible = all(hook.function.__module__.startswith(_OURS) for hook in hooks)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        item.stash[caplog_records_key] = {}  # where the records of the call go
        self._setup(item=item)

    def pytest_runtest_teardown(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        try:
            self._teardown(item=item, nextitem=nextitem)
        finally:
            _forget(item.stash, caplog_records_key)
            _forget(item.stash, caplog_handler_key)


class SingleItem(Protocol):
    """An item that can be run with one report.

    `quiet`: how to set it up and tear it down without capturing; None where something might write.
    """

    config: pytest.Config
    session: pytest.Session
    parent: pytest.Collector | None

    @property
    def ihook(self) -> Any: ...
    @property
    def quiet(self) -> QuietHooks | None: ...
    def _initrequest(self) -> None: ...
    def release(self) -> None:
        """Forget everything that only the running item needs."""


def setup(item: SingleItem, hooks: Any) -> CallInfo[None]:
    """Set `item` up, and what is above it where that is not yet; `hooks` are those of the item."""
    alone = item.parent in item.session._setupstate.stack
    return _run((alone and item.quiet) or hooks, item, "setup")


def call(item: SingleItem, hooks: Any) -> CallInfo[None]:
    """Run the test function of `item`."""
    return _run(hooks, item, "call")


def teardown(item: SingleItem, hooks: Any, nextitem: pytest.Item | None) -> CallInfo[None]:
    """Tear `item` down, and what is above it unless `nextitem` needs it."""
    alone = nextitem is not None and nextitem.parent is item.parent
    return _run((alone and item.quiet) or hooks, item, "teardown", nextitem=nextitem)


def _run(hooks: Any, item: SingleItem, when: When, **more: Any) -> CallInfo[None]:
    hook = getattr(hooks, f"pytest_runtest_{when}")
    return CallInfo.from_call(
        lambda: hook(item=item, **more), when=when, reraise=get_reraise_exceptions(item.config)
    )


def _forget(stash: pytest.Stash, key: pytest.StashKey[T]) -> None:
    if key in stash:
        del stash[key]
