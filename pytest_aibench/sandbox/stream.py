"""Messages over the attached stream of a container (any endpoint the Docker SDK can reach)."""

from __future__ import annotations

import json
import struct
from typing import Any

from pytest_aibench.sandbox.answer import ContainerLost

__all__ = ["AttachedStream"]

_LENGTH = struct.Struct(">I")
_FRAME = struct.Struct(">BxxxI")  # Docker's own framing: which stream, how many bytes
_STDOUT = 1
_CHUNK = 1 << 16
_STDERR_KEPT = 4096


class AttachedStream:
    """Both directions of `docker attach`; `attached` is what the SDK's `attach_socket` returned."""

    def __init__(self, attached: Any) -> None:
        self._attached = attached
        self._socket = getattr(attached, "_sock", attached)  # unix and tcp sockets come wrapped
        self._frames = bytearray()
        self._data = bytearray()
        self._stderr = b""

    def send(self, header: dict[str, Any], parts: tuple[bytes, ...] = ()) -> None:
        """One message. Raises `ContainerLost`."""
        text = json.dumps({**header, "sizes": [len(part) for part in parts]}).encode("ascii")
        try:
            self._socket.sendall(b"".join((_LENGTH.pack(len(text)), text, *parts)))
        except OSError as error:
            raise self._lost(f"its stream broke ({error})") from None

    def receive(self, seconds: float) -> tuple[dict[str, Any], tuple[bytes, ...]]:
        """One message, of which no piece may take longer than `seconds`. Raises `ContainerLost`."""
        self._socket.settimeout(seconds)
        try:
            (size,) = _LENGTH.unpack(self._take(_LENGTH.size))
            header = json.loads(self._take(size))
            return header, tuple(self._take(size) for size in header["sizes"])
        except TimeoutError:
            raise self._lost("it did not answer in time") from None

    def heard_within(self, seconds: float) -> bool:
        """Whether something comes within `seconds`. Raises `ContainerLost`."""
        self._socket.settimeout(seconds)
        try:
            self._receive()
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        """End the stream, and with it the container's stdin."""
        response = getattr(self._attached, "_response", None)
        if response is not None:  # the SDK's; it must go before the socket below it
            response.close()
        self._attached.close()
        self._socket.close()

    def _take(self, size: int) -> bytes:
        while len(self._data) < size:
            self._receive()
        taken = bytes(self._data[:size])
        del self._data[:size]
        return taken

    def _receive(self) -> None:
        try:
            chunk = self._socket.recv(_CHUNK)
        except TimeoutError:  # an OSError, too
            raise
        except OSError as error:
            raise self._lost(f"its stream broke ({error})") from None
        if not chunk:
            raise self._lost("it ended")
        self._frames += chunk
        self._unpack()

    def _unpack(self) -> None:
        while len(self._frames) >= _FRAME.size:
            stream, size = _FRAME.unpack_from(self._frames)
            if len(self._frames) < _FRAME.size + size:
                return
            content = self._frames[_FRAME.size : _FRAME.size + size]
            if stream == _STDOUT:
                self._data += content
            else:
                self._stderr = (self._stderr + content)[-_STDERR_KEPT:]
            del self._frames[: _FRAME.size + size]

    def _lost(self, reason: str) -> ContainerLost:
        said = self._stderr.decode("utf-8", "replace").strip().splitlines()
        return ContainerLost(f"{reason}; last words: {said[-1]}" if said else reason)
