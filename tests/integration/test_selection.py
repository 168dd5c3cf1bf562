"""Which samples run: node ids, -k, single ids, --limit, --collect-only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Toy

MakeToy = Callable[..., Toy]


def test_node_ids_name_problem_and_sample(toy: MakeToy) -> None:
    result = toy(["good", "bad"]).run("--collect-only", "-q")
    result.stdout.fnmatch_lines(
        ["test_toy.py::test_toy[[]Toy/0-s000]", "test_toy.py::test_toy[[]Toy/0-s001]"]
    )
    assert result.ret == 0


def test_collect_only_needs_no_model(pytester: pytest.Pytester, toy: MakeToy) -> None:
    toy(["good", "bad"])
    result = pytester.runpytest_subprocess("--collect-only", "-q", "--n-samples", "3")
    result.stdout.fnmatch_lines(["3 tests collected*"])


def test_a_run_without_a_model_is_refused(pytester: pytest.Pytester, toy: MakeToy) -> None:
    toy(["good"])
    for ways in ((), ("-n1",)):
        result = pytester.runpytest_subprocess(*ways)
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(["ERROR: no model is named. Give --model*"])


@pytest.mark.parametrize("ways", [(), ("-n2",)], ids=["alone", "xdist"])
def test_k_selects_a_problem_and_says_so(toy: MakeToy, ways: tuple[str, ...]) -> None:
    run = toy(["good", "bad"], ["good", "good"])
    result = run.run("-k", "Toy/1", *ways)
    assert result.ret == 0
    assert run.report()["benchmarks"]["toy"]["problems"] == {"Toy/1": {"n": 2, "c": 2}}
    assert run.report()["run"]["complete"] is False
    assert "deselected" in run.report()["run"]["incomplete"][0]


def test_one_sample_by_its_node_id(toy: MakeToy) -> None:
    run = toy(["good", "bad"], ["good", "good"])
    result = run.run("test_toy.py::test_toy[Toy/0-s001]")
    result.stdout.fnmatch_lines(["*1 unsolved*"])
    assert run.report()["benchmarks"]["toy"]["problems"] == {"Toy/0": {"n": 1, "c": 0}}


def test_limit_takes_the_first_problems(toy: MakeToy) -> None:
    run = toy(["good"], ["good"], ["bad"])
    run.run("--limit", "2")
    assert list(run.report()["benchmarks"]["toy"]["problems"]) == ["Toy/0", "Toy/1"]
    assert run.report()["run"]["complete"] is False


def test_m_selects_benchmarks(pytester: pytest.Pytester, toy: MakeToy) -> None:
    run = toy(["good"])
    pytester.makepyfile(test_plain="def test_ok(): pass")
    run.run("-m", "aibench", "--strict-markers").assert_outcomes(deselected=1)


def test_a_benchmark_in_a_class(pytester: pytest.Pytester, toy: MakeToy) -> None:
    run = toy(["good", "bad"])
    source = (pytester.path / "test_toy.py").read_text()
    head, _, body = source.partition("@aibench")
    body = "class TestToy:\n    @aibench" + body.replace("\n", "\n    ").replace(
        "test_toy(sample", "test_toy(self, sample"
    )
    (pytester.path / "test_toy.py").write_text(head + body)
    result = run.run("-n1")
    result.stdout.fnmatch_lines(["*1 solved, 1 unsolved*"])
