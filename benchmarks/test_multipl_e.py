"""HumanEval as MultiPL-E translated it (Cassano et al., 2022)."""

import pytest_aibench as aibench


@aibench.benchmark("multipl-e-cpp")
def test_multipl_e_cpp(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("multipl-e-java")
def test_multipl_e_java(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("multipl-e-js")
def test_multipl_e_js(sample, sandbox):
    sandbox.check(sample)
