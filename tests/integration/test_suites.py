"""`--suite`: benchmarks and options under one name, the user's before the shipped ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Toy

MakeToy = Callable[..., Toy]

OWN = """
[toys]
about = "Only toys"
benchmarks = ["test_toy.py"]
n_samples = 2
limit = 1
pass_at = "2"
"""


def run(toy: Toy, *args: str) -> pytest.RunResult:
    toy.pytester.makepyfile(test_other="def test_other(): assert 0")
    return toy.pytester.runpytest_subprocess(
        "--model", "replay/replies.jsonl", "--aibench-report", "report.json", *args
    )


@pytest.mark.parametrize("ways", [(), ("-n2",)], ids=["alone", "xdist"])
def test_a_suite_of_ones_own(toy: MakeToy, ways: tuple[str, ...]) -> None:
    made = toy(["good", "bad"], ["good", "good"])
    (made.pytester.path / "mine.toml").write_text(OWN)
    result = run(made, "--suite", "toys", "--suites", "mine.toml", *ways)
    assert result.ret == 0, result.stdout.str()
    report = made.report()
    assert report["benchmarks"]["toy"]["problems"] == {"Toy/0": {"n": 2, "c": 1}}
    assert next(iter(report["benchmarks"]["toy"])) == "pass@2"
    assert report["run"]["settings"]["suite"] == "toys"
    assert report["run"]["complete"] is True


def test_the_command_line_wins_over_the_suite_and_the_suite_over_ini(toy: MakeToy) -> None:
    made = toy(["good", "bad"], ["good", "good"])
    (made.pytester.path / "mine.toml").write_text(OWN)
    made.pytester.makeini("[pytest]\naibench_suites = mine.toml\naibench_n_samples = 1\n")
    run(made, "--suite", "toys", "--limit", "2")
    assert made.report()["benchmarks"]["toy"]["problems"]["Toy/1"] == {"n": 2, "c": 2}


def test_shipped_suites_can_be_collected(
    pytester: pytest.Pytester, pytestconfig: pytest.Config
) -> None:
    root = pytestconfig.rootpath
    options = ("-c", str(root / "pyproject.toml"), "--rootdir", str(root), "-p", "no:cacheprovider")
    result = pytester.runpytest_subprocess(*options, "--suite", "quick", "--collect-only", "-q")
    result.stdout.fnmatch_lines(["*test_basics[[]Basics/19-s000]"])
    assert "Basics/20" not in result.stdout.str()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (OWN, "*--suite absent: there is no such suite (toys: Only toys; quick:*"),
        ("[absent]\nbenchmarks = []", "*mine.toml, [[]absent]: 'benchmarks' must be a list*"),
        ("[absent]\nbenchmarks = ['no.py']", "*there is no file*no.py*"),
        ("[absent]\nbenchmarks = ['test_toy.py']\ncolour = 1", "*'colour' is none of*"),
        ("absent = 1", "*'absent' is no table*"),
        ("[absent", "*mine.toml*"),
    ],
)
def test_wrong_suites_are_refused(toy: MakeToy, content: str, message: str) -> None:
    made = toy(["good"])
    (made.pytester.path / "mine.toml").write_text(content)
    result = run(made, "--suite", "absent", "--suites", "mine.toml")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])
