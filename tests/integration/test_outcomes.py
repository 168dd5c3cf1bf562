"""Solved, unsolved, not measured: what each does to a pytest session."""

from __future__ import annotations

import json
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from .conftest import Toy

MakeToy = Callable[..., Toy]
EVERY_WAY = pytest.mark.parametrize("ways", [(), ("-n2",)], ids=["alone", "xdist"])


@EVERY_WAY
def test_unsolved_samples_do_not_fail_the_run(toy: MakeToy, ways: tuple[str, ...]) -> None:
    run = toy(["good", "bad"], ["bad", "bad"])
    result = run.run(*ways)
    assert result.ret == 0
    assert run.report()["benchmarks"]["toy"]["pass@1"]["value"] == 0.25
    assert run.report()["benchmarks"]["toy"]["problems"]["Toy/0"] == {"n": 2, "c": 1}
    assert "1 solved" in result.stdout.lines[-1]
    assert "3 unsolved" in result.stdout.lines[-1]


@EVERY_WAY
def test_unsolved_samples_do_not_stop_x_nor_fill_lf(toy: MakeToy, ways: tuple[str, ...]) -> None:
    run = toy(["bad", "bad"], ["bad", "good"])
    for option in ("-x", "--lf"):
        run.run(option, *ways)
        assert run.report()["run"]["complete"] is True
        assert run.report()["benchmarks"]["toy"]["problems"]["Toy/1"] == {"n": 2, "c": 1}


@EVERY_WAY
def test_an_infrastructure_error_is_a_pytest_error(toy: MakeToy, ways: tuple[str, ...]) -> None:
    run = toy(["good", "boom"], ["bad", "good"])
    result = run.run(*ways)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*OSError: disk on fire*"])
    benchmark = run.report()["benchmarks"]["toy"]
    assert benchmark["errors"] == 1
    assert benchmark["problems"]["Toy/0"] == {"n": 1, "c": 1}
    assert run.report()["run"]["complete"] is False


@EVERY_WAY
def test_lf_runs_only_what_was_not_measured(toy: MakeToy, ways: tuple[str, ...]) -> None:
    run = toy(["good", "boom"], ["bad", "good"])
    run.run()
    run.run("--lf", *ways)
    assert run.report()["benchmarks"]["toy"]["problems"] == {"Toy/0": {"n": 0, "c": 0}}
    assert run.report()["benchmarks"]["toy"]["errors"] == 1


def test_x_stops_at_an_infrastructure_error(toy: MakeToy) -> None:
    run = toy(["bad", "boom"], ["good", "good"])
    result = run.run("-x")
    assert result.ret != 0
    assert run.report()["run"]["complete"] is False
    assert run.report()["benchmarks"]["toy"]["problems"]["Toy/1"] == {"n": 0, "c": 0}


@EVERY_WAY
def test_strict_samples_make_unsolved_a_failure(toy: MakeToy, ways: tuple[str, ...]) -> None:
    run = toy(["good", "bad"])
    result = run.run("--strict-samples", *ways)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert run.report()["benchmarks"]["toy"]["problems"]["Toy/0"] == {"n": 2, "c": 1}


def test_an_unsolved_sample_shows_one_line_and_no_traceback(toy: MakeToy) -> None:
    run = toy(["bad"])
    result = run.run("-v", "--strict-samples")
    result.stdout.fnmatch_lines(["*wrong_answer: not good*"])
    assert "Traceback" not in result.stdout.str()
    assert "def test_toy" not in result.stdout.str()


@EVERY_WAY
def test_junit_tells_unsolved_from_errors(toy: MakeToy, ways: tuple[str, ...]) -> None:
    run = toy(["good", "bad", "boom"])
    run.run("--junitxml", "junit.xml", *ways)
    suite = ElementTree.parse(run.pytester.path / "junit.xml").getroot()[0]
    assert suite.attrib["tests"] == "3"
    assert suite.attrib["failures"] == "0"
    assert suite.attrib["errors"] == "1"
    assert suite.attrib["skipped"] == "1"
    kinds = [
        json.loads(p.attrib["value"])["kind"] for p in suite.iter("property")
        if p.attrib["name"] == "aibench"
    ]  # fmt: skip
    assert sorted(map(str, kinds)) == ["None", "passed", "wrong_answer"]


@EVERY_WAY
def test_json_report_carries_summary_and_metadata(toy: MakeToy, ways: tuple[str, ...]) -> None:
    run = toy(["good", "bad", "boom"])
    result = run.run("--json-report", "--json-report-file", "full.json", *ways)
    full = json.loads((run.pytester.path / "full.json").read_text())
    assert full["exitcode"] == result.ret == 1
    assert full["summary"] | {"error": 1, "solved": 1, "unsolved": 1} == full["summary"]
    assert full["aibench"]["benchmarks"] == run.report()["benchmarks"]
    kinds = {t["nodeid"][-5:-1]: t["metadata"]["aibench"]["kind"] for t in full["tests"]}
    assert kinds == {"s000": "passed", "s001": "wrong_answer", "s002": None}
    phases = [sorted({"setup", "call", "teardown"} & t.keys()) for t in full["tests"]]
    assert phases.count(["call", "setup", "teardown"]) == 2


def test_pytest_reports_three_phases_where_the_user_watches_them(toy: MakeToy) -> None:
    run = toy(["good", "bad"])
    result = run.run("--setup-show")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*SETUP    F sample*", "*1 solved, 1 unsolved*"])


def test_a_skipped_sample_makes_the_run_incomplete(pytester: pytest.Pytester, toy: MakeToy) -> None:
    run = toy(["good", "bad"])
    source = (pytester.path / "test_toy.py").read_text()
    skip = "\n    import pytest\n    if sample.index == 1: pytest.skip('not today')\n"
    source = source.replace("    text = s", skip + "    text = s")
    (pytester.path / "test_toy.py").write_text(source)
    result = run.run()
    assert result.ret == 0
    assert run.report()["run"]["complete"] is False
    assert run.report()["benchmarks"]["toy"]["problems"]["Toy/0"] == {"n": 1, "c": 1}


def test_other_tests_of_the_session_are_left_alone(pytester: pytest.Pytester, toy: MakeToy) -> None:
    run = toy(["good", "bad"])
    pytester.makepyfile(test_plain="def test_ok(): pass\ndef test_fails(): assert 0")
    result = run.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*1 failed, 1 passed, 1 solved, 1 unsolved*"])
    assert run.report()["run"]["complete"] is True


def test_a_fixture_of_the_user_stands_in_for_ours(pytester: pytest.Pytester, toy: MakeToy) -> None:
    run = toy(["good", "bad"])
    pytester.makeconftest(
        "import pytest\n"
        "@pytest.fixture\n"
        "def sample(sample):\n"
        "    sample.reply.text\n"
        "    return type('Own', (), {'reply': type('Reply', (), {'text': 'good'})})\n"
    )
    result = run.run()
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*2 solved*"])
