"""HumanEval+: HumanEval with many more tests, and with its own (Liu et al., EvalPlus, 2023)."""

import pytest_aibench as aibench


@aibench.benchmark("humaneval-plus")
def test_humaneval_plus(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("humaneval-plus-base")
def test_humaneval_plus_base(sample, sandbox):
    sandbox.check(sample)
