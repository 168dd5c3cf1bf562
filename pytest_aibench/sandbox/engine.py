"""The Docker engine: finding it, and saying what to do where there is none."""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import Any
from urllib.parse import urlsplit

from pytest_aibench.errors import SandboxError
from pytest_aibench.sandbox.locks import Slots
from pytest_aibench.sandbox.tunnel import open_tunnel

__all__ = ["connect", "engine_errors", "machine_of", "open_slots"]

# A start waits for the daemon; under load it may take long, but not for ever.
_TIMEOUT_SECONDS = 120
_DEFAULT = "unix:///var/run/docker.sock"


def connect(url: str = "", seconds: float = _TIMEOUT_SECONDS) -> Any:
    """A client of the engine at `url`; where that is empty, of `DOCKER_HOST` or the default socket.

    `url` is `unix://`, `tcp://` (with TLS as `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` say) or
    `ssh://`. No answer to the client may take longer than `seconds`.

    Raises:
        SandboxError: no engine answers.
    """
    import docker

    client = None
    errors: tuple[type[Exception], ...] = (
        *engine_errors(),
        ValueError,
    )  # of a port that is no number
    try:
        environment = _environment(url)
        _knock(environment["DOCKER_HOST"] or _DEFAULT)
        client = docker.from_env(timeout=seconds, environment=environment)
        client.ping()
    except errors as error:
        if client is not None:
            client.close()
        raise SandboxError(
            f"no Docker engine answers{f' at {url}' if url else ''} ({error}): start one "
            "(`sudo systemctl start docker`), "
            f"{'correct --sandbox-host' if url else 'set DOCKER_HOST'}, "
            "or check that this user may use it (group `docker`)"
        ) from None
    return client


def engine_errors() -> tuple[type[Exception], ...]:
    """What the SDK raises where an engine refuses, or dies in whatever moment."""
    from docker.errors import DockerException
    from urllib3.exceptions import HTTPError

    return DockerException, HTTPError, OSError


def machine_of(url: str) -> str:
    """The name of the machine that the engine at `url` runs on; empty for this one."""
    host = urlsplit(url or os.environ.get("DOCKER_HOST", "")).hostname or ""
    return "" if host == "localhost" or _is_loopback(host) else host


def open_slots(url: str, client: Any) -> Slots:
    """The slots of the machine of the engine at `url`, which `client` reaches: one per core."""
    machine = machine_of(url)
    return Slots(int(client.info()["NCPU"]), f"slot-{machine}") if machine else Slots()


def _environment(url: str) -> dict[str, str]:
    """The variables that the SDK looks at, for the engine at `url`."""
    url = url or os.environ.get("DOCKER_HOST", "")
    return {**os.environ, "DOCKER_HOST": open_tunnel(url) if url.startswith("ssh://") else url}


def _knock(url: str) -> None:
    """Raise `OSError` where nobody listens; the SDK would leave an open socket behind then."""
    if url.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as knocking:
            knocking.connect(urlsplit(url).path)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
