"""CRUXEval: 800 functions whose input or output is to be predicted (Gu et al., 2024)."""

import pytest_aibench as aibench


@aibench.benchmark("cruxeval-input")
def test_cruxeval_input(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("cruxeval-output")
def test_cruxeval_output(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("cruxeval-input-cot")
def test_cruxeval_input_cot(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("cruxeval-output-cot")
def test_cruxeval_output_cot(sample, sandbox):
    sandbox.check(sample)
