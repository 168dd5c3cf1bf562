from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.sandbox.answer import ContainerLost
from pytest_aibench.sandbox.stream import AttachedStream


@pytest.fixture
def ends() -> Iterator[tuple[AttachedStream, socket.socket]]:
    ours, theirs = socket.socketpair()
    yield AttachedStream(ours), theirs
    ours.close()
    theirs.close()


def message(header: dict[str, object], *parts: bytes) -> bytes:
    text = json.dumps({**header, "sizes": [len(part) for part in parts]}).encode()
    return struct.pack(">I", len(text)) + text + b"".join(parts)


def framed(stream: int, data: bytes) -> bytes:
    return struct.pack(">BxxxI", stream, len(data)) + data


def test_sends_length_header_and_parts(ends: tuple[AttachedStream, socket.socket]) -> None:
    stream, other = ends
    stream.send({"a": 1}, (b"xy", b""))
    assert other.recv(1000) == message({"a": 1}, b"xy", b"")


@given(st.lists(st.binary(max_size=50), max_size=4), st.integers(1, 20), st.binary(max_size=30))
def test_receives_whatever_the_framing(parts: list[bytes], size: int, noise: bytes) -> None:
    ours, other = socket.socketpair()
    stream = AttachedStream(ours)
    data = message({"b": "ü"}, *parts)
    other.sendall(framed(2, noise))  # stderr in between
    for i in range(0, len(data), size):
        other.sendall(framed(1, data[i : i + size]))
    header, received = stream.receive(5.0)
    assert header["b"] == "ü"
    assert list(received) == parts
    stream.close()
    other.close()


def test_end_of_stream_names_the_last_words(ends: tuple[AttachedStream, socket.socket]) -> None:
    stream, other = ends
    other.sendall(framed(2, b"Traceback\nMemoryError\n"))
    other.close()
    with pytest.raises(ContainerLost, match="it ended; last words: MemoryError"):
        stream.receive(5.0)


def test_silence_is_an_error(ends: tuple[AttachedStream, socket.socket]) -> None:
    with pytest.raises(ContainerLost, match="did not answer in time"):
        ends[0].receive(0.01)


def test_waiting_a_while_loses_nothing(ends: tuple[AttachedStream, socket.socket]) -> None:
    stream, other = ends
    assert not stream.heard_within(0.01)
    other.sendall(framed(1, message({"c": 1}, b"xy")))
    assert stream.heard_within(5.0)
    header, parts = stream.receive(5.0)
    assert (header["c"], parts) == (1, (b"xy",))
    other.close()
    with pytest.raises(ContainerLost, match="it ended"):
        stream.heard_within(5.0)


def test_broken_stream_is_an_error(ends: tuple[AttachedStream, socket.socket]) -> None:
    stream, other = ends
    other.close()
    with pytest.raises(ContainerLost, match="stream broke"):
        stream.send({}, (b"x" * (1 << 20),))
