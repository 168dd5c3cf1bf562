"""Benchmarks to run and to copy: `pytest --pyargs pytest_aibench.benchmarks`."""
