"""pytest-xdist: the same numbers under every `--dist`, and nothing lost with a dead worker."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Toy

MakeToy = Callable[..., Toy]
DISTS = ["load", "worksteal", "loadscope", "loadfile", "loadgroup"]


@pytest.mark.parametrize("dist", DISTS)
def test_every_dist_counts_every_sample(toy: MakeToy, dist: str) -> None:
    run = toy(*[["good", "bad", "bad", "good"]] * 5)
    result = run.run("-n2", "--dist", dist)
    assert result.ret == 0
    assert run.report()["run"]["complete"] is True
    problems = run.report()["benchmarks"]["toy"]["problems"]
    assert problems == {f"Toy/{i}": {"n": 4, "c": 2} for i in range(5)}


def test_n_alone_uses_worksteal(toy: MakeToy) -> None:
    result = toy(["good"]).run("-n1", "-v")
    result.stdout.fnmatch_lines(["scheduling tests via WorkStealingScheduling"])


def test_a_dist_that_the_user_names_is_kept(toy: MakeToy) -> None:
    result = toy(["good"]).run("-n1", "-v", "--dist", "load")
    result.stdout.fnmatch_lines(["scheduling tests via LoadScheduling"])


@pytest.mark.parametrize("dist", ["load", "worksteal"])
def test_a_sample_whose_worker_died_is_run_again(toy: MakeToy, dist: str) -> None:
    run = toy(["good", "die once", "good", "bad"], ["good", "good", "good", "bad"])
    result = run.run("-n2", "--dist", dist)
    assert result.ret == 0, result.stdout.str()
    assert run.report()["run"]["complete"] is True
    assert run.report()["benchmarks"]["toy"]["problems"] == {
        "Toy/0": {"n": 4, "c": 3},
        "Toy/1": {"n": 4, "c": 3},
    }


def test_a_sample_that_kills_every_worker_is_an_infrastructure_error(toy: MakeToy) -> None:
    run = toy(["good", "die", "good", "bad"])
    result = run.run("-n2")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    benchmark = run.report()["benchmarks"]["toy"]
    assert benchmark["errors"] == 1
    assert benchmark["problems"]["Toy/0"] == {"n": 3, "c": 2}
    result.stdout.fnmatch_lines(["*the worker died 3 times while it ran this sample*"])


def test_samples_lost_with_the_last_worker_make_the_run_invalid(toy: MakeToy) -> None:
    run = toy(["die"] + ["good"] * 19)
    result = run.run("-n1", "--max-worker-restart=0")
    assert result.ret == 11, result.stdout.str()
    result.stdout.fnmatch_lines(["*of the collected samples were never reported*"])
    assert run.report()["run"]["complete"] is False


def test_samples_come_in_the_order_of_problems_whoever_ran_them(toy: MakeToy) -> None:
    run = toy(*[["good", "bad"]] * 6)
    run.run("-n2")
    keys = [(row["problem"], row["sample"]) for row in run.samples()]
    assert keys == [(f"Toy/{i}", s) for i in range(6) for s in range(2)]
