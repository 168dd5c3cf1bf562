"""MBPP+: 378 problems of MBPP with many more tests, and with its own (EvalPlus, 2023)."""

import pytest_aibench as aibench


@aibench.benchmark("mbpp-plus")
def test_mbpp_plus(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("mbpp-plus-base")
def test_mbpp_plus_base(sample, sandbox):
    sandbox.check(sample)
