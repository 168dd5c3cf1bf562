"""The image: found when it is there, and clear words when it cannot be built."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.errors import SandboxError
from pytest_aibench.sandbox import image as image_module
from pytest_aibench.sandbox.image import ensure_image, image_tag


def test_second_time_does_nothing(client: Any, image: str) -> None:
    said: list[str] = []
    found = ensure_image(client, "python", said.append)
    assert (found.tag, found.digest, said) == (image_tag(), image, [])


def run_command(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest_aibench.sandbox.image"]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
        env=environment,
    )


def test_command_says_what_is_ready(image: str) -> None:
    done = run_command(dict(os.environ))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{image_tag()} is ready ({image[:19]})\n"


def test_failed_build_shows_its_last_lines(
    client: Any, image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Dockerfile").write_text(
        "ARG BASE\nFROM ${BASE} AS python\nRUN echo the reason >&2 && exit 9\n"
    )
    monkeypatch.setattr(image_module, "container_folder", lambda: tmp_path)
    monkeypatch.setattr(image_module, "_base_image", lambda client, progress: image)
    with pytest.raises(SandboxError, match=r"(?s)failed:.*the reason.*exit 9.*code: 9"):
        ensure_image(client)


def test_engine_that_refuses_is_one_sentence(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_module, "image_tag", lambda family: "No:Name:AtAll")
    with pytest.raises(SandboxError, match=r"the image No:Name:AtAll could not be made: .*invalid"):
        ensure_image(client)


def test_no_engine_is_one_sentence() -> None:
    done = run_command({**os.environ, "DOCKER_HOST": "unix:///nowhere/docker.sock"})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: no Docker engine answers (")
    assert done.stderr.count("\n") == 1
