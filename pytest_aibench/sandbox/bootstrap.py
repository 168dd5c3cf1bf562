"""A Debian root file system without a registry: debootstrap, as root or through sudo."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from pytest_aibench.errors import SandboxError

__all__ = ["SUITE", "make_root_filesystem"]

SUITE = "bookworm"

_LEFT_OUT = ("./var/cache/apt", "./var/lib/apt/lists", "./usr/share/doc", "./usr/share/man")


@contextlib.contextmanager
def make_root_filesystem(progress: Callable[[str], None]) -> Iterator[Path]:
    """A tar archive of a minimal Debian, deleted afterwards.

    Raises:
        SandboxError: debootstrap or the right to run it is missing, or it failed.
    """
    prefix = _root_prefix()
    _need_debootstrap(prefix, progress)
    folder = Path(tempfile.mkdtemp(prefix="aibench-image-"))
    try:
        root, archive = folder / "root", folder / "root.tar"
        progress(f"debootstrap {SUITE} (about half a minute)")
        _run([*prefix, "debootstrap", "--variant=minbase", SUITE, str(root)])
        skipped = [f"--exclude={path}/*" for path in _LEFT_OUT]
        _run([*prefix, "tar", "-C", str(root), *skipped, "-cf", str(archive), "."])
        if prefix:
            _run([*prefix, "chmod", "a+r", str(archive)])
        yield archive
    finally:
        subprocess.run([*prefix, "rm", "-rf", str(folder)], check=False)


def _root_prefix() -> list[str]:
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and not subprocess.run([*sudo, "true"], capture_output=True).returncode:
        return sudo
    raise SandboxError(
        "no registry answers, and bootstrapping Debian needs root: run "
        "`sudo python -m pytest_aibench.sandbox.image` once, or load an image debian:bookworm-slim"
    )


def _need_debootstrap(prefix: list[str], progress: Callable[[str], None]) -> None:
    if shutil.which("debootstrap", path=_path()):
        return
    if not shutil.which("apt-get"):
        raise SandboxError(
            "no registry answers and debootstrap is not installed: "
            "install it, or load an image debian:bookworm-slim"
        )
    progress("installing debootstrap")
    _run([*prefix, "apt-get", "update", "-qq"])
    _run([*prefix, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "debootstrap"])


def _path() -> str:
    """PATH with the folders where administrators' commands are."""
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def _run(command: list[str]) -> None:
    environment = {**os.environ, "PATH": _path(), "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        last = "\n  ".join((done.stdout + done.stderr).splitlines()[-8:])
        raise SandboxError(f"`{' '.join(command)}` failed:\n  {last}")
