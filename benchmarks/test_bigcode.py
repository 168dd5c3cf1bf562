"""BigCode's evaluation harness: the tasks that --bigcode-tasks names."""

import pytest_aibench as aibench


@aibench.bigcode_tasks()
def test_bigcode(sample, sandbox):
    sandbox.check(sample)
