"""`aibench rejudge`: a run once more, from its stored replies and without its model."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.conftest import Toy


def rejudge(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.run(sys.executable, "-m", "pytest_aibench.cli", "rejudge", *arguments)


def counts(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = json.loads(path.read_text())["benchmarks"]["toy"]["problems"]
    return found


def test_the_same_replies_under_other_rules(
    toy: Callable[..., Toy], pytester: pytest.Pytester
) -> None:
    sums = toy(["good", "bad"], ["bad", "fair"])
    sums.run("--temperature", "0.5", "--pass-at", "1,2")
    Path("replies.jsonl").unlink()
    assert sums.report()["run"]["settings"]["tests"] == ["test_toy.py::test_toy"]

    assert rejudge(pytester, "report.json", "-o", "same.json").ret == 0
    assert counts(Path("same.json")) == counts(Path("report.json"))
    settings = json.loads(Path("same.json").read_text())["run"]["settings"]
    assert settings == sums.report()["run"]["settings"]

    source = Path("test_toy.py").read_text()
    Path("test_toy.py").write_text(source.replace('text == "good"', 'text in ("good", "fair")'))
    result = rejudge(pytester, "-o", "new.json", "report.json", "-n", "2", "-p", "no:cacheprovider")
    assert result.ret == 0
    assert counts(Path("new.json")) == {"Toy/0": {"n": 2, "c": 1}, "Toy/1": {"n": 2, "c": 1}}


def test_a_sample_that_had_no_reply_is_again_not_measured(
    toy: Callable[..., Toy], pytester: pytest.Pytester
) -> None:
    sums = toy(["good", "good"], ["good", "good"])
    lines = Path("replies.jsonl").read_text().splitlines()
    Path("replies.jsonl").write_text("\n".join(lines[:-1]))
    sums.run()
    rejudge(pytester, "report.json", "-o", "new.json")
    new = json.loads(Path("new.json").read_text())
    assert new["benchmarks"]["toy"]["errors"] == 1
    assert not new["run"]["complete"]


def test_what_cannot_be_rejudged(toy: Callable[..., Toy], pytester: pytest.Pytester) -> None:
    sums = toy(["good"])
    sums.run()
    Path("test_toy.py").rename("moved.py")
    result = rejudge(pytester, "report.json")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*test_toy.py::test_toy*is not here; go to the folder*rootdir*"])
    Path("report.samples.jsonl").unlink()
    result = rejudge(pytester, "report.json")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*report.samples.jsonl is not there: it holds the replies*"])
