from __future__ import annotations

import pytest

from pytest_aibench.cli import main

HOSTS = ("unix:///nowhere/a.sock", "unix:///nowhere/b.sock")


def test_every_host_is_tried(
    capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("AIBENCH_CACHE", str(tmp_path_factory.mktemp("cache")))
    assert main(["doctor", *(word for url in HOSTS for word in ("--sandbox-host", url))]) == 1
    problems = [line for line in capsys.readouterr().out.splitlines() if "PROBLEM" in line]
    assert [url in line for url, line in zip(HOSTS, problems, strict=True)] == [True, True]


def test_a_wrong_host_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["doctor", "--sandbox-host", "box"])
    assert "expected unix:///SOCKET, ssh://USER@BOX or tcp://BOX:PORT" in capsys.readouterr().err
