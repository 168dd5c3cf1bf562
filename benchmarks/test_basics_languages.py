"""The project's own problems in JavaScript, Java and C++."""

import pytest_aibench as aibench


@aibench.benchmark("basics-javascript")
def test_basics_javascript(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("basics-java")
def test_basics_java(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("basics-cpp")
def test_basics_cpp(sample, sandbox):
    sandbox.check(sample)
