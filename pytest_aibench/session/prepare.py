"""What the controller does once before the first sample: refuse what cannot work, make ready
what all workers share, and note what the run was."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_aibench.errors import UsageError

if TYPE_CHECKING:
    from pytest_aibench.models.base import ModelIdentity, Request
    from pytest_aibench.sandbox.hosts import Hosts
    from pytest_aibench.session.plan import Plan
    from pytest_aibench.settings import Settings

__all__ = ["Prepared", "prepare", "prompt_digest"]

NO_MODEL = (
    "no model is named. Give --model PROVIDER/NAME: ollama/NAME, openai/NAME, replay/FILE, "
    "or --model reference to run the benchmarks' own solutions"
)

_PACKAGES = ("pytest-aibench", "pytest", "pytest-xdist", "docker", "numpy")


@dataclass(slots=True)
class Prepared:
    """Provenance of a run, for its reports."""

    identity: dict[str, Any] = field(default_factory=dict)
    image_digest: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    git_revision: str = ""
    prompt_digest: str = ""
    machine: dict[str, Any] = field(default_factory=dict)


def prepare(
    plan: Plan,
    settings: Settings,
    root: Path,
    identify: Callable[[], ModelIdentity],
    say: Callable[[str], None],
    hosts: Hosts,
    *,
    more_languages: Sequence[str] = (),
) -> Prepared:
    """Reach the model and the sandbox before anything runs.

    The sandbox runs the languages of the plan, and `more_languages`.

    Raises:
        UsageError: no model is named, or the name is wrong.
        ModelError, SandboxError: the model's server or Docker is not usable.
    """
    if settings.model is None:
        raise UsageError(NO_MODEL)
    languages = tuple(dict.fromkeys((*plan.languages, *more_languages)))
    return Prepared(
        identity=asdict(identify()),
        image_digest=_make_sandbox_ready(languages, hosts, say) if languages else "",
        versions=_versions(),
        git_revision=git_revision(root),
        machine=_machine(),
    )


def prompt_digest(requests: Iterable[Request]) -> str:
    """SHA-256 over each problem's exact prompt, in order; empty where no server is asked."""
    asked = {(r.benchmark, r.problem.id): (r.system, r.chat, r.prompt) for r in requests}
    if not asked:
        return ""
    text = json.dumps([[*key, *value] for key, value in asked.items()])
    return hashlib.sha256(text.encode()).hexdigest()


def _make_sandbox_ready(languages: Iterable[str], hosts: Hosts, say: Callable[[str], None]) -> str:
    """Digest of the image of these languages; of several images, each after its family's name."""
    from pytest_aibench.sandbox.engine import connect
    from pytest_aibench.sandbox.languages import get_language
    from pytest_aibench.sandbox.owner import sweep_orphans

    families = sorted({get_language(language).family for language in languages})
    for url in hosts.urls or ("",):
        with closing(connect(url)) as client:
            swept = sweep_orphans(client)
            if swept:
                say(f"removed {swept} container(s) left by a run that was killed")
            hosts.join(url, client)
            digests = [hosts.image(url, client, family, say).digest for family in families]
    if len(families) == 1:
        return digests[0]
    return " ".join(f"{f}={digest}" for f, digest in zip(families, digests, strict=True))


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def git_revision(root: Path) -> str:
    """The commit of `root`, with `+` where files differ from it; empty outside a repository."""
    try:
        revision = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return ""
    return revision + ("+" if changed else "")


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, text=True, check=True, timeout=10
    ).stdout.strip()


def _machine() -> dict[str, Any]:
    return {"system": platform.system(), "arch": platform.machine(), "cpus": os.cpu_count()}
