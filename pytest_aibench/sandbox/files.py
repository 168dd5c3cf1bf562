"""The files of the container side, in an installed package and in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pytest_aibench.errors import SandboxError

__all__ = ["boot_source", "container_folder", "seccomp_profile", "supervisor_modules"]


@cache
def container_folder() -> Path:
    """The folder with Dockerfile, seccomp profile and supervisor.

    Raises:
        SandboxError: the installation is incomplete.
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "container", here.parents[1] / "sandbox"):
        if (folder / "Dockerfile").is_file():
            return folder
    raise SandboxError(
        f"the sandbox's files are neither in {here / 'container'} nor in the checkout: "
        "install the package again"
    )


def boot_source() -> str:
    """The program that a container is started with."""
    return (container_folder() / "boot.py").read_text("utf-8")


def seccomp_profile() -> str:
    """The seccomp profile, as JSON."""
    return (container_folder() / "seccomp.json").read_text("utf-8")


@cache
def supervisor_modules() -> dict[str, str]:
    """Source of every module of the supervisor, by its dotted name."""
    root = container_folder()
    modules = {}
    for path in sorted((root / "supervisor").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules[name] = path.read_text("utf-8")
    return modules
