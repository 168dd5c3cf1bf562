"""A container that only compiles Java: programs are translated here, and executed in another one.

The compiler is a resident JVM (`java/Compiler.java`), started when the container is. It executes
nothing of what it compiles, so that it can stay for the next program. A program that takes it too
long, or brings it down, ends the container with its answer.
"""

from __future__ import annotations

import os
import select
import struct
import time
from typing import Any

from supervisor.cgroup import Counters
from supervisor.wire import read_exactly, read_header, write_all, write_message

__all__ = ["serve"]

_JAVA = "/usr/bin/java"
_HOME = "/opt/aibench/java"
_LIBRARY = "/usr/share/java/javatuples.jar"
_OPTIONS = (
    *("-Xshare:auto", f"-XX:SharedArchiveFile={_HOME}/compiler.jsa", "-Xlog:disable"),
    *("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"),
    *("-Xss4m", "-Xmx320m", "-XX:+ExitOnOutOfMemoryError"),
)
_START_SECONDS = 50.0
_NAP_MILLISECONDS = 250


class _Ended(Exception):  # noqa: N818 - a reason, reported to the client
    """Why no answer came: `"cpu"`, `"wall"` or `"exit"`."""


class Compiler:
    """The resident JVM. `client` is the descriptor whose hang-up ends everything."""

    def __init__(self, counters: Counters, client: int) -> None:
        self._counters = counters
        self._client = client
        self._deadline = time.monotonic() + _START_SECONDS
        self._cpu_end = counters.cpu_seconds() + _START_SECONDS
        their_input, self._input = os.pipe()
        self._output, their_output = os.pipe()
        arguments = [_JAVA, *_OPTIONS, "-cp", f"{_HOME}/compiler.jar", "Compiler", _LIBRARY]
        streams = [
            (os.POSIX_SPAWN_DUP2, their_input, 0),
            (os.POSIX_SPAWN_DUP2, their_output, 1),
        ]
        os.posix_spawn(_JAVA, arguments, os.environ, file_actions=streams)
        os.close(their_input)
        os.close(their_output)
        self._poll = select.poll()
        self._poll.register(self._output, select.POLLIN)
        self._poll.register(client, 0)  # a hang-up is always reported
        self._read(1)  # it is ready

    def ask(self, texts: list[bytes], cpu_seconds: float, wall_seconds: float) -> list[bytes]:
        """Status (`b"\\x01"`: compiled), messages and classes.

        Raises `_Ended` where none came, and EOFError where nobody waits for it any more.
        """
        self._deadline = time.monotonic() + wall_seconds
        self._cpu_end = self._counters.cpu_seconds() + cpu_seconds
        try:
            for text in texts:
                write_all(self._input, struct.pack(">I", len(text)) + text)
        except BrokenPipeError:
            raise _Ended("exit") from None
        return [self._read(1), self._read_text(), self._read_text()]

    def _read_text(self) -> bytes:
        (size,) = struct.unpack(">I", self._read(4))
        return self._read(size)

    def _read(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            self._wait()
            chunk = os.read(self._output, size - len(data))
            if not chunk:
                raise _Ended("exit")
            data += chunk
        return bytes(data)

    def _wait(self) -> None:
        """Until there is something to read."""
        while True:
            ready = [fd for fd, _ in self._poll.poll(_NAP_MILLISECONDS)]
            if self._client in ready:
                raise EOFError
            if ready:
                return
            if self._counters.cpu_seconds() > self._cpu_end:
                raise _Ended("cpu")
            if time.monotonic() > self._deadline:
                raise _Ended("wall")


def serve(requests: int, answers: int, greeting: dict[str, Any], idle_seconds: float) -> None:
    """Compile what the client sends, until it is gone or a program was too much."""
    counters = Counters()
    try:
        compiler = Compiler(counters, requests)
        write_message(answers, greeting, [])
        while select.select([requests], [], [], idle_seconds)[0]:
            if not _serve_one(compiler, counters, requests, answers):
                return
    except EOFError:
        return


def _serve_one(compiler: Compiler, counters: Counters, requests: int, answers: int) -> bool:
    header = read_header(requests)
    texts = [read_exactly(requests, size) for size in header["sizes"]]
    facts: dict[str, Any] = {"ended": ""}
    parts = [b"", b"", b""]
    before = counters.cpu_seconds()
    try:
        parts = compiler.ask(texts, header["cpu_seconds"], header["wall_seconds"])
    except _Ended as reason:
        facts["ended"] = str(reason)
    facts["cpu_seconds"] = counters.cpu_seconds() - before
    write_message(answers, facts, [memoryview(part) for part in parts])
    return not facts["ended"]
