"""A worker's end of the way to the broker; see `pytest_aibench.generation.endpoint`."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any

from pytest_aibench.generation.wire import (
    identity_from_wire,
    pack,
    reply_from_wire,
    request_to_wire,
    unpack,
)
from pytest_aibench.models.base import ModelIdentity, Reply, Request
from pytest_aibench.models.errors import RequestError, error_from_wire

__all__ = ["RemoteGenerator", "connect"]


class RemoteGenerator:
    """Replies from the broker of another process of this machine.

    Raises:
        RequestError: nobody serves `address`, or whoever did is gone.
    """

    def __init__(self, address: str) -> None:
        self._lock = threading.Lock()
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.connect(address)
            self._stream = self._socket.makefile("rwb")
            self._identity = identity_from_wire(self._read()["identity"])
        except OSError as error:
            self._socket.close()
            raise RequestError(
                f"the controller's model service at {address} cannot be reached ({error}); "
                "workers on other machines cannot use it"
            ) from error

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    def reply(self, request: Request) -> Reply:
        with self._lock:
            try:
                self._stream.write(pack({"request": request_to_wire(request)}) + b"\n")
                self._stream.flush()
                answer = self._read()
            except BaseException as error:
                # Half of an exchange: what would be read next belongs to this request.
                self.close()
                if isinstance(error, OSError | ValueError):
                    raise RequestError(
                        f"the controller's model service is gone ({error})"
                    ) from error
                raise
        if "error" in answer:
            raise error_from_wire(answer["error"])
        return reply_from_wire(answer["reply"])

    def close(self) -> None:
        with suppress(OSError):  # unsent bytes of a broken connection
            self._stream.close()
        self._socket.close()

    def _read(self) -> dict[str, Any]:
        line = self._stream.readline()
        if not line.endswith(b"\n"):
            raise ConnectionError("it closed the connection")
        return unpack(line)


def connect(address: str) -> RemoteGenerator:
    """The generator of a worker; `address` is `GenerationService.address`."""
    return RemoteGenerator(address)
