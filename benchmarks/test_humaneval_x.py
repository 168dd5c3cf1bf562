"""HumanEval-X: HumanEval's 164 problems in four languages (Zheng et al., CodeGeeX, 2023)."""

import pytest_aibench as aibench


@aibench.benchmark("humaneval-x-python")
def test_humaneval_x_python(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("humaneval-x-cpp")
def test_humaneval_x_cpp(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("humaneval-x-java")
def test_humaneval_x_java(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("humaneval-x-js")
def test_humaneval_x_js(sample, sandbox):
    sandbox.check(sample)
