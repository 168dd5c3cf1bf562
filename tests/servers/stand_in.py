"""A small HTTP/1.1 server for tests: scripted faults, latency, a log of what was asked."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Status:
    """An answer instead of the usual one."""

    code: int
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reset:
    """The connection is cut before an answer."""


@dataclass(frozen=True)
class Truncated:
    """The first half of the usual body, under a matching length: JSON that ends too early."""


@dataclass(frozen=True)
class Stall:
    """Nothing is sent for `seconds`, then the connection is cut."""

    seconds: float


Fault = Status | Reset | Truncated | Stall


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class StandIn:
    """Runs in a thread of its own; subclasses say what is answered.

    `faults` are used up one a POST; `latency` is in seconds; nothing is answered before `gather`
    requests were in flight at the same time; `most` is the largest number of
    requests that were in flight at the same time; `answered` holds what got its usual answer, with
    the `time.monotonic()` at which that was sent.
    """

    def __init__(self, latency: float = 0.0) -> None:
        self.asked: list[Asked] = []
        self.answered: list[tuple[float, Asked]] = []
        self.faults: deque[Fault | None] = deque()
        self.latency = latency
        self.gather = 1
        self.in_flight = 0
        self.most = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._connections: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def answer(self, asked: Asked) -> tuple[int, Any]:
        """Status and JSON body."""
        raise NotImplementedError

    async def delay(self, asked: Asked) -> None:
        """What passes before an answer."""
        await asyncio.sleep(self.latency)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def posts(self, path: str) -> list[Any]:
        """The bodies that were posted to `path`, in order of arrival."""
        return [asked.body for asked in self.asked if (asked.method, asked.path) == ("POST", path)]

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", self.port, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        try:
            while await self._exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        asked = await _read(reader)
        self.asked.append(asked)
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            await self.delay(asked)
            while self.most < self.gather:
                await asyncio.sleep(0.005)
            fault = self.faults.popleft() if asked.method == "POST" and self.faults else None
            return await self._send(writer, asked, fault)
        finally:
            self.in_flight -= 1

    async def _send(self, writer: asyncio.StreamWriter, asked: Asked, fault: Fault | None) -> bool:
        if isinstance(fault, Stall):
            await asyncio.sleep(fault.seconds)
        if isinstance(fault, Stall | Reset):
            writer.transport.abort()
            return False
        if isinstance(fault, Status):
            code, body, headers = fault.code, fault.body, dict(fault.headers)
        else:
            code, data = self.answer(asked)
            body, headers = json.dumps(data).encode(), {"Content-Type": "application/json"}
        body = body[: len(body) // 2] if isinstance(fault, Truncated) else body
        head = {**headers, "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        writer.write(f"HTTP/1.1 {code} X\r\n{lines}\r\n".encode() + body)
        await writer.drain()
        if fault is None:
            self.answered.append((time.monotonic(), asked))
        return True


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    try:
        return Asked(method, path, headers, json.loads(body) if body else None)
    except ValueError:
        return Asked(method, path, headers, body)
