"""The Docker engine: finding it, and saying what to do where there is none."""

from __future__ import annotations

from typing import Any

from pytest_aibench.errors import SandboxError

__all__ = ["connect"]

# A start waits for the daemon; under load it may take long, but not for ever.
_TIMEOUT_SECONDS = 120


def connect() -> Any:
    """A client of the engine that `DOCKER_HOST`, or the default socket, names.

    Raises:
        SandboxError: no engine answers.
    """
    import docker
    from docker.errors import DockerException

    client = None
    try:
        client = docker.from_env(timeout=_TIMEOUT_SECONDS)
        client.ping()
    except (DockerException, OSError) as error:
        if client is not None:
            client.close()
        raise SandboxError(
            f"no Docker engine answers ({error}): start one (`sudo systemctl start docker`), "
            "set DOCKER_HOST, or check that this user may use it (group `docker`)"
        ) from None
    return client
