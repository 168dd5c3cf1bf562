"""The project's own problems, from easy to hard."""

import pytest_aibench as aibench


@aibench.benchmark("basics")
def test_basics(sample, sandbox):
    sandbox.check(sample)
