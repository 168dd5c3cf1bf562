"""`aibench cache`: what it tells, and what it drops."""

from __future__ import annotations

import os
import time
from contextlib import closing
from pathlib import Path

import pytest

from pytest_aibench.cli import main
from pytest_aibench.generation.store import STORE_FILE, ReplyStore
from pytest_aibench.generation.verdicts import VERDICT_FILE, VerdictStore
from pytest_aibench.models.base import Reply, ReplyForm
from pytest_aibench.records import Verdict, VerdictKind

DAY = 86400.0


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Two replies of two models, a verdict, a run of today and one of ten days ago."""
    with closing(ReplyStore(tmp_path / STORE_FILE)) as replies:
        for model in ("a", "b"):
            replies.put(model.encode(), model, Reply("text", ReplyForm.CHAT))
    with closing(VerdictStore(tmp_path / VERDICT_FILE)) as verdicts:
        verdicts.put(b"key", Verdict(VerdictKind.PASSED))
    for name, age in (("new", 0.0), ("old", 10 * DAY)):
        file = tmp_path / "runs" / name / "samples-main.jsonl"
        file.parent.mkdir(parents=True)
        file.write_text("x" * 1500)
        then = time.time() - age
        os.utime(file, (then, then))
        os.utime(file.parent, (then, then))
    return tmp_path


def test_info(
    cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIBENCH_CACHE", str(cache))
    assert main(["cache", "info"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"cache: {cache}"
    assert lines[1].startswith("replies: 2 of 2 models, ")
    assert lines[2].startswith("verdicts: ")
    assert lines[3] == "runs: 2, 3 kB"
    assert lines[4] == "data sets: 0 B"


def test_prune_drops_what_is_older(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["cache", "prune", "--aibench-cache", str(cache), "--unused-days"]
    assert main([*arguments, "5"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "dropped 0 replies",
        "dropped 0 verdicts",
        "dropped 1 runs",
    ]
    assert [run.name for run in (cache / "runs").iterdir()] == ["new"]
    assert main([*arguments, "0"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "dropped 2 replies",
        "dropped 1 verdicts",
        "dropped 1 runs",
    ]


def test_an_old_run_that_still_writes_is_kept(cache: Path) -> None:
    (cache / "runs/old/samples-gw1.jsonl").touch()
    main(["cache", "prune", "--aibench-cache", str(cache), "--unused-days", "5"])
    assert (cache / "runs/old").is_dir()


@pytest.mark.parametrize("days", [[], ["--unused-days", "-1"], ["--unused-days", "nan"]])
def test_prune_without_a_number_of_days_drops_nothing(
    cache: Path, days: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cache", "prune", "--aibench-cache", str(cache), *days]) == 4
    assert "prune needs --unused-days N" in capsys.readouterr().err
    assert len(list((cache / "runs").iterdir())) == 2


def test_an_empty_cache(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "info", "--aibench-cache", str(tmp_path / "none")]) == 0
    assert "replies: none" in capsys.readouterr().out
    assert (
        main(["cache", "prune", "--aibench-cache", str(tmp_path / "none"), "--unused-days=0"]) == 0
    )
    assert not (tmp_path / "none").exists()
