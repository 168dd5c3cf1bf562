"""Loads the plugin when the tests or benchmarks run from the repository."""

pytest_plugins = ["pytest_aibench.plugin"]
