"""Any problem file, given with --problems FILE.jsonl[.gz]."""

import pytest_aibench as aibench


@aibench.benchmark("problems")
def test_problems(sample, sandbox):
    sandbox.check(sample)
