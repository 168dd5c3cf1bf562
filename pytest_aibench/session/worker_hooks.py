"""What the plugin does in a worker of pytest-xdist."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from pytest_aibench.items.protocol import is_single

__all__ = ["JoinedMessages", "channel_of"]


class JoinedMessages:
    """Sends the report of a sample along with what xdist says next: that its item is complete.

    Each message on its own wakes two threads of the controller, which costs it more than to read
    it. `channel` is the worker's to the controller.
    """

    def __init__(self, channel: Any) -> None:
        self._io: Any = channel.gateway._io if channel else None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None, Any, Any]:
        if not is_single(report) or not hasattr(self._io, "_write"):
            return (yield)
        self._io.write = self._io._write  # execnet's own flushes after each message
        try:
            return (yield)
        finally:
            del self._io.write


def channel_of(config: pytest.Config) -> Any:
    """The channel of this worker to its controller, from xdist's plugin in it; None without one."""
    plugins = config.pluginmanager.get_plugins()
    found = (p.channel for p in plugins if hasattr(p, "channel") and hasattr(p, "sendevent"))
    return next(found, None)
