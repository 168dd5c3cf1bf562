"""A worker's end of the way to the broker; see `pytest_aibench.generation.endpoint`."""

from __future__ import annotations

import socket
import threading
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

    An exchange that is broken off, by a time limit of pytest's say, costs its connection; the next
    one makes a new one.

    Raises:
        RequestError: nobody serves `address`, or whoever did is gone.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._talk: _Talk | None = None
        self._identity = self._connect()

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    def reply(self, request: Request) -> Reply:
        with self._lock:
            answer = self._exchange(pack({"request": request_to_wire(request)}) + b"\n")
        if "error" in answer:
            raise error_from_wire(answer["error"])
        return reply_from_wire(answer["reply"])

    def close(self) -> None:
        talk, self._talk = self._talk, None
        if talk is not None:
            talk.close()

    def _connect(self) -> ModelIdentity:
        try:
            self._talk = _Talk(self._address)
            return identity_from_wire(self._talk.read()["identity"])
        except OSError as error:
            self.close()
            raise RequestError(
                f"the controller's model service at {self._address} cannot be reached ({error}); "
                "workers on other machines cannot use it"
            ) from error

    def _exchange(self, line: bytes) -> dict[str, Any]:
        if self._talk is None:
            self._connect()
        assert self._talk is not None
        try:
            return self._talk.ask(line)
        except BaseException as error:
            # Half of an exchange: what would be read next belongs to this request.
            self.close()
            if isinstance(error, OSError):
                raise RequestError(f"the controller's model service is gone ({error})") from error
            raise


class _Talk:
    """One connection, line by line."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        try:
            self.socket.connect(address)
        except OSError:
            self.socket.close()
            raise
        self._lines = self.socket.makefile("rb")

    def ask(self, line: bytes) -> dict[str, Any]:
        self.socket.sendall(line)
        return self.read()

    def read(self) -> dict[str, Any]:
        line = self._lines.readline()
        if not line.endswith(b"\n"):
            raise ConnectionError("it closed the connection")
        return unpack(line)

    def close(self) -> None:
        self._lines.close()
        self.socket.close()


def connect(address: str) -> RemoteGenerator:
    """The generator of a worker; `address` is `GenerationService.address`."""
    return RemoteGenerator(address)
