"""Loads the plugin when the tests or benchmarks run from a checkout that is not installed."""

from importlib.metadata import entry_points

if not entry_points(group="pytest11", name="pytest_aibench.plugin"):
    pytest_plugins = ["pytest_aibench.plugin"]
