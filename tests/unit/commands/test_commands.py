"""The commands as a shell sees them: exit code, output, files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_aibench.cli import main
from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.report.journal import JournalWriter
from pytest_aibench.report.jsonfile import write_json
from pytest_aibench.report.load import load_summary
from pytest_aibench.report.merge import samples_path
from pytest_aibench.scoring.summary import RunInfo, build_summary
from pytest_aibench.scoring.tally import Tally


def call(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


def write(path: Path, passed: int, problems: int = 30, collected: int = 0) -> Path:
    tally = Tally()
    ids = [f"p{i}" for i in range(problems)]
    tally.declare("b", ids, dataset_digest="d", planned=10, collected=collected)
    with JournalWriter(samples_path(path)) as journal:
        for id_ in ids:
            for sample in range(10):
                kind = VerdictKind.PASSED if sample < passed else VerdictKind.TIMEOUT
                record = SampleRecord("b", id_, sample, kind)
                tally.add(record)
                journal.write(record.to_dict())
    run = RunInfo(path.stem, "m", seconds=3.0, machine={"cpus": 2})
    write_json(path, build_summary(tally, run, (1, 10)).to_dict())
    return path


@pytest.mark.parametrize(
    ("before", "after", "options", "code", "text"),
    [
        (5, 5, [], 0, "undecided"),
        (5, 8, [], 0, "better: pass@1 50.0% -> 80.0%"),
        (5, 2, [], 10, "worse: pass@1 50.0% -> 20.0%"),
        (5, 2, ["--max-drop", "0.4"], 0, "a drop of 40.0% is tolerated"),
        (5, 8, ["--gate", "b:pass@1>=0.9"], 10, "does not hold: it is 0.8"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_compare(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    before: int,
    after: int,
    options: list[str],
    code: int,
    text: str,
    form: str,
) -> None:
    files = write(tmp_path / "a.json", before), write(tmp_path / "b.json", after)
    assert call("compare", *files, "--format", form, *options) == code
    shown = " ".join(capsys.readouterr().out.split())
    if form == "markdown":
        text = text.replace("->", "-&gt;").replace("@", r"\@")
    assert text in shown
    if form == "json":
        assert json.loads(shown)["exit_code"] == code


def test_compare_refuses_other_problems_unless_allowed(tmp_path: Path) -> None:
    files = write(tmp_path / "a.json", 5), write(tmp_path / "b.json", 5, problems=20)
    assert call("compare", *files) == 11
    assert call("compare", *files, "--allow-mismatch", "problems") == 0


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--gate", "nonsense"], "expected"),
        (["--alpha", "2"], "--alpha 2"),
        (["--allow-mismatch", "everything"], "expected one of benchmark, dataset"),
    ],
)
def test_compare_names_wrong_options(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], reason: str
) -> None:
    path = write(tmp_path / "a.json", 5)
    assert call("compare", path, path, *options) == 4
    assert reason in capsys.readouterr().err


def test_baseline_accept_keeps_what_is_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, kept = write(tmp_path / "a.json", 5), tmp_path / "baselines" / "m.json"
    assert call("baseline", "accept", path, kept) == 0
    content = json.loads(kept.read_text())
    assert "machine" not in content["run"]
    assert load_summary(kept).benchmarks["b"].scores == load_summary(path).benchmarks["b"].scores
    assert call("compare", kept, path) == 0
    capsys.readouterr()
    assert call("baseline", "accept", write(tmp_path / "b.json", 8), kept) == 0
    assert "b pass@1: 50.0% -> 80.0%" in capsys.readouterr().out


def test_baseline_refuses_an_incomplete_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "a.json", 5, collected=1640)
    assert call("baseline", "accept", path, tmp_path / "kept.json") == 4
    assert "can be no baseline" in capsys.readouterr().err
    assert not (tmp_path / "kept.json").exists()


def test_merge_writes_summary_and_samples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = write(tmp_path / "a.json", 5), tmp_path / "out.json"
    assert call("merge", path, "-o", out) == 0
    assert out.read_text() == path.read_text()
    assert samples_path(out).read_text() == samples_path(path).read_text()
    part = write(tmp_path / "part.json", 5, collected=1640)
    assert call("merge", part, "-o", out) == 11
    assert "incomplete: b: 1,340 of 1,640 collected samples" in capsys.readouterr().out


def test_report_writes_a_page_or_markdown(tmp_path: Path) -> None:
    before, after = write(tmp_path / "a.json", 5), write(tmp_path / "b.json", 2)
    assert call("report", after, "-o", tmp_path / "page.html") == 0
    page = (tmp_path / "page.html").read_text()
    assert page.count('type="text/plain"') == 30
    assert "Gate failed" not in page
    assert call("report", after, "--baseline", before, "-o", tmp_path / "page.html") == 0
    assert "Gate failed" in (tmp_path / "page.html").read_text()
    assert call("report", after, "--baseline", before, "-o", tmp_path / "page.md") == 0
    assert "gate failed" in (tmp_path / "page.md").read_text()


def test_report_takes_the_folder_of_a_run(tmp_path: Path) -> None:
    write(tmp_path / "summary.json", 5)
    assert call("report", tmp_path, "-o", tmp_path / "page.html") == 0


def test_report_without_samples_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.json", 5)
    samples_path(path).unlink()
    assert call("report", path, "-o", tmp_path / "page.html") == 0
    assert "the page has no samples" in capsys.readouterr().out


def test_report_refuses_other_formats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.json", 5)
    assert call("report", path, "-o", tmp_path / "page.pdf") == 4
    assert "ends in .html or .md" in capsys.readouterr().err
