"""Measure language models with pytest.

A benchmark is a test function that is collected once per problem and sample:

    import pytest_aibench as aibench

    @aibench.benchmark("humaneval")
    def test_humaneval(sample, sandbox):
        sandbox.check(sample)
"""

from pytest_aibench.declare import benchmark, bigcode_tasks, lm_eval_tasks
from pytest_aibench.errors import Unsolved
from pytest_aibench.items.sample import Sample
from pytest_aibench.problems.problem import Problem
from pytest_aibench.records import Verdict, VerdictKind

__all__ = [
    "Problem",
    "Sample",
    "Unsolved",
    "Verdict",
    "VerdictKind",
    "__version__",
    "benchmark",
    "bigcode_tasks",
    "lm_eval_tasks",
]

__version__ = "0.1.0"
