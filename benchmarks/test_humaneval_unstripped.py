"""HumanEval with its prompts as they are: for `--profile bigcode`, which strips them otherwise."""

import pytest_aibench as aibench


@aibench.benchmark("humaneval-unstripped")
def test_humaneval_unstripped(sample, sandbox):
    sandbox.check(sample)
