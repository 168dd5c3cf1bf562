"""MBPP: the 500 Python problems of its test split (Austin et al., 2021)."""

import pytest_aibench as aibench


@aibench.benchmark("mbpp")
def test_mbpp(sample, sandbox):
    sandbox.check(sample)
