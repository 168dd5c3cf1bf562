"""OpenAI's HumanEval: 164 Python problems (Chen et al., 2021)."""

import pytest_aibench as aibench


@aibench.benchmark("humaneval")
def test_humaneval(sample, sandbox):
    sandbox.check(sample)
