"""`aibench doctor [--model SPEC] [--sandbox-host URL ...]`: try everything that a run needs.

What is not well comes with what to do about it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_aibench.errors import AibenchError, SandboxError
from pytest_aibench.option_values import host_url

if TYPE_CHECKING:
    from pytest_aibench.sandbox.hosts import Hosts

__all__ = ["add_arguments", "run"]

_DATA_FOLDERS = ("humaneval", "mbpp", "humaneval-x", "multipl-e", "humanevalpack")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is well, and what was found."""

    subject: str
    ok: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok     ' if self.ok else 'PROBLEM'}  {self.subject:<10}  {self.text}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="SPEC", help="reach this model's server, too")
    parser.add_argument("--base-url", metavar="URL", help="address of the model's server")
    parser.add_argument(
        "--isolation", choices=("warm", "uid", "container"), default="warm",
        help="the sandbox to try (default: warm)",
    )  # fmt: skip
    parser.add_argument(
        "--sandbox-host", action="append", default=[], type=host_url, metavar="URL",
        help="try this Docker host; repeatable (default: that of DOCKER_HOST)",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Print a line for each finding; exit code 1 if there is a problem."""
    healthy = True
    for finding in _findings(args):
        print(finding, flush=True)
        healthy = healthy and finding.ok
    return 0 if healthy else 1


def _findings(args: argparse.Namespace) -> Iterator[Finding]:
    yield Finding("python", True, f"{platform.python_version()} on {platform.machine()}")
    yield _cores()
    yield _data()
    yield _cache()
    if args.model:
        yield _model(args.model, args.base_url)
    yield from _sandbox(args.isolation, tuple(args.sandbox_host))


def _cores() -> Finding:
    from pytest_aibench.sandbox.locks import usable_cores

    cores = usable_cores()
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return Finding("cores", True, f"{cores}, load {busy:.1f}: run with -n {cores}")


def _data() -> Finding:
    from pytest_aibench.problems.sources import DATA_VARIABLE

    named = os.environ.get(DATA_VARIABLE)
    if not named:
        return Finding("data", True, f"{DATA_VARIABLE} is not set: data sets are downloaded")
    folder = Path(named)
    if not folder.is_dir():
        return Finding("data", False, f"{DATA_VARIABLE} names no folder: {folder}. Correct it")
    found = [name for name in _DATA_FOLDERS if (folder / name).is_dir()]
    absent = sorted(set(_DATA_FOLDERS) - set(found))
    there = f"{', '.join(found) or 'no known data set'} in {folder}"
    return Finding("data", True, there + (f"; {', '.join(absent)}: downloaded" if absent else ""))


def _cache() -> Finding:
    from pytest_aibench.settings import default_cache_dir

    folder = Path(os.environ.get("AIBENCH_CACHE") or default_cache_dir())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        remedy = "give another one with --aibench-cache"
        return Finding("cache", False, f"{folder} is not writable ({error}): {remedy}")
    return Finding("cache", True, f"{folder} is writable")


def _model(text: str, base_url: str | None) -> Finding:
    from pytest_aibench.models.spec import open_model

    async def identify() -> Any:
        model = open_model(text, base_url=base_url)
        try:
            return await model.identify()
        finally:
            await model.close()

    try:
        identity = asyncio.run(identify())
    except AibenchError as error:
        return Finding("model", False, str(error))
    where = f" at {identity.endpoint}" if identity.endpoint else ""
    return Finding("model", True, f"{identity.provider}: {identity.name}{where} answers")


def _sandbox(isolation: str, urls: tuple[str, ...]) -> Iterator[Finding]:
    from pytest_aibench.sandbox.hosts import Hosts

    with tempfile.TemporaryDirectory(prefix="aibench-doctor-") as folder:
        hosts = Hosts(urls, Path(folder) / "hosts.jsonl")
        for url in urls or ("",):
            try:
                yield from _engine(url, hosts)
                yield from _limits(url, hosts, isolation)
            except SandboxError as error:
                yield Finding("sandbox", False, str(error))
        if len(urls) > 1:
            cores = sum(fact["cores"] for fact in hosts.facts())
            yield Finding("hosts", True, f"{cores} cores in all: run with -n {cores}")


def _engine(url: str, hosts: Hosts) -> Iterator[Finding]:
    from pytest_aibench.sandbox.engine import connect
    from pytest_aibench.sandbox.image import FAMILIES

    with closing(connect(url)) as client:
        version = client.version()
        where = f"{url}: " if url else ""
        yield Finding("engine", True, f"{where}Docker {version['Version']}, {version['Os']}")
        hosts.join(url, client)
        image = hosts.image(url, client, "python", _say)
        yield Finding("image", True, f"{image.tag} {image.digest[:19]}")
        for family in FAMILIES[1:]:
            yield _other_image(client, family)


def _other_image(client: Any, family: str) -> Finding:
    from docker.errors import ImageNotFound

    from pytest_aibench.sandbox.image import image_tag

    tag = image_tag(family)
    try:
        client.images.get(tag)
    except ImageNotFound:
        return Finding("image", True, f"{tag} is made ready when it is first needed")
    return Finding("image", True, tag)


def _limits(url: str, hosts: Hosts, isolation: str) -> Iterator[Finding]:
    from pytest_aibench.sandbox.executor import DockerExecutor
    from pytest_aibench.sandbox.probes import PROBES, fails

    executor = DockerExecutor(
        run_id="doctor",
        isolation=isolation,
        remember=False,
        progress=_say,
        host=url,
        find_image=partial(hosts.image, url),
    )
    with closing(executor):
        for probe in PROBES:
            what = fails(executor, probe)
            remedy = f"{probe.claim}: NOT SO, {what}. See docs/security.md"
            yield Finding("sandbox", not what, remedy if what else probe.claim)
        for warning in executor.warnings:
            yield Finding("sandbox", False, f"{warning}. Update Docker, or its daemon's settings")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
