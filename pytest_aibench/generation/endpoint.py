"""The broker's end of the way to other processes: a Unix socket, one JSON object a line.

A worker connects and reads `{"identity": ...}`; then it writes `{"request": ...}` and reads
`{"reply": ...}` or `{"error": ...}`, any number of times.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

from pytest_aibench.errors import ModelError
from pytest_aibench.generation.broker import Broker
from pytest_aibench.generation.wire import pack, reply_to_wire, request_from_wire, unpack
from pytest_aibench.models.errors import RequestError, error_to_wire

__all__ = ["LINE_LIMIT", "Endpoint"]

LINE_LIMIT = 64 << 20
"""Longest line in bytes: a prompt or reply beyond it is nobody's benchmark."""

_LONGEST_ADDRESS = 100  # Linux takes 107 bytes, macOS 103


class Endpoint:
    """Serves a broker at `address`, a path in a folder that only this user may enter."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._folder = _private_folder()
        self._talks: set[asyncio.Task[None]] = set()
        self.address = str(self._folder / "replies")

    async def open(self) -> None:
        self._server = await asyncio.start_unix_server(
            self._connected, self.address, limit=LINE_LIMIT, backlog=256
        )

    async def close(self) -> None:
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        if talk is not None:
            self._talks.add(talk)
            talk.add_done_callback(self._talks.discard)
        try:
            writer.write(pack({"identity": asdict(self._broker.identity)}) + b"\n")
            while line := await reader.readline():
                writer.write(await self._answer(line) + b"\n")
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass  # the worker died, or the run ended: nobody is left to be told
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> bytes:
        try:
            request = request_from_wire(unpack(line)["request"])
            reply = await self._broker.reply(request)
        except ModelError as error:
            return pack({"error": error_to_wire(error)})
        except (ValueError, KeyError, TypeError) as error:
            return pack({"error": error_to_wire(RequestError(f"unreadable request: {error!r}"))})
        return pack({"reply": reply_to_wire(reply)})


def _private_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="aibench-"))
    if len(str(folder)) + len("/replies") <= _LONGEST_ADDRESS:
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix="aibench-", dir="/tmp"))
