"""DS-1000: questions about libraries for data; a solution follows a text, or fills its gap."""

import pytest_aibench as aibench


@aibench.benchmark("ds1000-numpy-completion")
def test_ds1000_numpy_completion(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("ds1000-pandas-completion")
def test_ds1000_pandas_completion(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("ds1000-scipy-completion")
def test_ds1000_scipy_completion(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("ds1000-sklearn-completion")
def test_ds1000_sklearn_completion(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("ds1000-matplotlib-completion")
def test_ds1000_matplotlib_completion(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("ds1000-numpy-insertion")
def test_ds1000_numpy_insertion(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("ds1000-pandas-insertion")
def test_ds1000_pandas_insertion(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("ds1000-scipy-insertion")
def test_ds1000_scipy_insertion(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("ds1000-sklearn-insertion")
def test_ds1000_sklearn_insertion(sample, sandbox):
    sandbox.check(sample)
