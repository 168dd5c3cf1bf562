"""APPS: programming contests in three levels, as BigCode asks and judges them."""

import pytest_aibench as aibench


@aibench.benchmark("apps-introductory")
def test_apps_introductory(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("apps-interview")
def test_apps_interview(sample, sandbox):
    sandbox.check(sample)


@aibench.benchmark("apps-competition")
def test_apps_competition(sample, sandbox):
    sandbox.check(sample)
