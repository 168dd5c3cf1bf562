"""What a sample's function, and hooks around it, write is captured though most phases are quiet."""

from __future__ import annotations

from collections.abc import Callable

from .conftest import Toy

MakeToy = Callable[..., Toy]

FUNCTION = """
import logging

import pytest_aibench as aibench

PROBLEMS = [aibench.Problem(id="Toy/0", prompt="", entry_point="f", test="")]


@aibench.benchmark("toy", problems=PROBLEMS)
def test_toy(sample, request):
    request.addfinalizer(lambda: print(f"finished {sample.index}"))
    assert False, "not good"


@aibench.benchmark("talking", problems=PROBLEMS)
def test_talking(sample):
    print(f"printed {sample.index}")
    logging.warning("logged %s", sample.index)
    assert False, "not good"
"""

HOOKS = """
def pytest_runtest_setup(item):
    print("before", item.index)


def pytest_runtest_teardown(item):
    print("after", item.index)
"""


def test_what_a_function_writes_stands_in_its_sections(toy: MakeToy) -> None:
    run = toy(["bad", "bad", "bad"])
    run.pytester.path.joinpath("test_toy.py").write_text(FUNCTION)
    result = run.run("--strict-samples")
    sections = result.stdout.str().partition("= FAILURES =")[2]
    for index in range(3):
        assert sections.count(f"printed {index}") == 1
        assert sections.count(f"logged {index}") == 1
    assert run.report()["benchmarks"]["toy"]["verdicts"] == {"wrong_answer": 3}


def test_what_a_users_hooks_write_is_captured(toy: MakeToy) -> None:
    run = toy(["bad", "bad", "bad"])
    run.pytester.makeconftest(HOOKS)
    result = run.run("--strict-samples")
    before, _, sections = result.stdout.str().partition("= FAILURES =")
    assert "before" not in before
    assert "after" not in before
    for index in range(3):
        assert f"before {index}" in sections
