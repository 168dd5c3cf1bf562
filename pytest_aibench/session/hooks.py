"""Attaches this package's hooks to a pytest session, as its role needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_aibench.options import OPTIONS
from pytest_aibench.session.engine import Engine
from pytest_aibench.session.process import Process, unfreeze_at_the_end
from pytest_aibench.session.run import is_worker

if TYPE_CHECKING:
    from pytest_aibench.lm_eval.items import Documents

__all__ = ["attach", "documents_of", "engine_of"]

_PROCESS = pytest.StashKey[Process]()


def attach(config: pytest.Config) -> None:
    """Register the hooks of this process: it measures samples, or controls those who do."""
    from pytest_aibench.session.controller_hooks import ControllerHooks
    from pytest_aibench.session.sample_hooks import SampleHooks

    process = config.stash[_PROCESS] = Process(config)
    if any(config.getoption(option.dest) is not None for option in OPTIONS):
        # Refuses a wrong option before anything is collected.
        suite = process.settings.suite
        if suite is not None and config.args_source is not config.ArgsSource.ARGS:
            config.args[:] = suite.tests
    config.pluginmanager.register(SampleHooks(config, process), "aibench-samples")
    if is_worker(config):
        from pytest_aibench.session.worker_hooks import JoinedMessages, channel_of

        config.pluginmanager.register(JoinedMessages(channel_of(config)), "aibench-worker")
        return
    unfreeze_at_the_end(config)
    hooks = ControllerHooks(config, process)
    config.pluginmanager.register(hooks, "aibench-controller")
    if config.pluginmanager.hasplugin("xdist"):
        from pytest_aibench.session.xdist_hooks import XdistHooks

        config.pluginmanager.register(XdistHooks(process, hooks), "aibench-xdist")


def documents_of(config: pytest.Config) -> Documents:
    """lm-eval's documents, for this process."""
    return config.stash[_PROCESS].documents


def engine_of(config: pytest.Config) -> Engine:
    """The engine of this process."""
    return config.stash[_PROCESS].engine
