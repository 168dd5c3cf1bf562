"""MBPP's 257 test problems that were verified by hand (Austin et al., 2021)."""

import pytest_aibench as aibench


@aibench.benchmark("mbpp-sanitized")
def test_mbpp_sanitized(sample, sandbox):
    sandbox.check(sample)
