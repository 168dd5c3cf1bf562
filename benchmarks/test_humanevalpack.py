"""HumanEvalPack: functions to write and to fix (Muennighoff et al., OctoPack, 2023)."""

import pytest_aibench as aibench


@aibench.benchmark("humanevalpack-synthesize-python")
def test_humanevalpack_synthesize_python(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("humanevalpack-synthesize-cpp")
def test_humanevalpack_synthesize_cpp(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("humanevalpack-synthesize-java")
def test_humanevalpack_synthesize_java(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("humanevalpack-synthesize-js")
def test_humanevalpack_synthesize_js(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("humanevalpack-fix-python")
def test_humanevalpack_fix_python(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("humanevalpack-fix-cpp")
def test_humanevalpack_fix_cpp(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("humanevalpack-fix-java")
def test_humanevalpack_fix_java(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("humanevalpack-fix-js")
def test_humanevalpack_fix_js(sample, sandbox):
    sandbox.check(sample)
