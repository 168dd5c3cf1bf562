"""Parts of the container side that need no container."""

# Trees with names that are no text, and descriptors:
# ruff: noqa: PTH101, PTH102, PTH208, PTH211

from __future__ import annotations

import faulthandler
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from supervisor.cgroup import Counters
from supervisor.scratch import empty
from supervisor.wire import (
    Arena,
    Region,
    read_exactly,
    read_header,
    write_message,
)


@given(st.binary(max_size=60_000), st.binary(max_size=100))
def test_message_round_trip(first: bytes, second: bytes) -> None:
    reader, writer = os.pipe()
    if len(first) < 60_000:  # what a pipe holds without a reader
        write_message(writer, {"a": 1}, [memoryview(first), memoryview(second)])
    os.close(writer)
    header = read_header(reader)
    assert header == {"a": 1, "sizes": [len(first), len(second)]}
    assert read_exactly(reader, len(first)) == first
    assert read_exactly(reader, len(second)) == second
    with pytest.raises(EOFError):
        read_exactly(reader, 1)
    os.close(reader)


def test_arena_fills_and_forgets() -> None:
    arena = Arena(1 << 16)
    reader, writer = os.pipe()
    os.write(writer, b"secret")
    arena.fill(reader, 6)
    assert bytes(arena.view[:6]) == b"secret"
    arena.forget(6)
    assert bytes(arena.view[:6]) == bytes(6)
    os.close(writer)
    with pytest.raises(EOFError):
        arena.fill(reader, 1)
    os.close(reader)


def test_children_do_not_inherit_an_arena() -> None:
    arena = Arena(1 << 16)
    arena.view[:4] = b"here"
    child = os.fork()
    if child == 0:
        faulthandler.disable()
        bytes(arena.view[:4])  # not mapped: the process dies
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) < 0


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6), st.integers(0, 100))
def test_region_keeps_its_capacity_and_counts_all(chunks: list[bytes], capacity: int) -> None:
    reader, writer = os.pipe()
    region = Region(memoryview(bytearray(capacity)), memoryview(bytearray(64)))
    os.write(writer, b"".join(chunks))
    os.close(writer)
    while region.read(reader):
        pass
    os.close(reader)
    assert region.received == sum(map(len, chunks))
    assert bytes(region.bytes_from()) == b"".join(chunks)[:capacity]


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "ascii")
    return root


def test_counters_of_cgroup_v1(tmp_path: Path) -> None:
    files = {
        "cpuacct/cpuacct.usage": "1500000000\n",
        "memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
        "pids/pids.events": "max 7\n",
    }
    counters = Counters(write(tmp_path, files))
    values = (counters.cpu_seconds(), counters.oom_kills(), counters.forks_denied())
    assert values == (1.5, 3, 7)
    assert counters.complete


def test_counters_of_cgroup_v2(tmp_path: Path) -> None:
    files = {
        "cgroup.controllers": "cpu memory pids\n",
        "cpu.stat": "usage_usec 2500000\nuser_usec 1\nsystem_usec 2\n",
        "memory.events": "low 0\nhigh 0\nmax 4\noom 2\noom_kill 1\noom_group_kill 0\n",
        "pids.events": "max 5\n",
    }
    counters = Counters(write(tmp_path, files))
    values = (counters.cpu_seconds(), counters.oom_kills(), counters.forks_denied())
    assert values == (2.5, 1, 5)
    assert counters.complete


def test_counters_that_are_missing_read_as_zero(tmp_path: Path) -> None:
    counters = Counters(tmp_path)
    assert (counters.cpu_seconds(), counters.oom_kills(), counters.forks_denied()) == (0.0, 0, 0)
    assert not counters.complete


NAMES = st.binary(min_size=1, max_size=20).filter(
    lambda name: b"/" not in name and b"\0" not in name and name not in (b".", b"..")
)
TREES = st.recursive(
    st.sampled_from(["file", "link", "fifo", "locked"]),
    lambda inner: st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=25,
)


def grow(path: bytes, tree: object, outside: bytes) -> None:
    if isinstance(tree, dict):
        os.mkdir(path)
        for name, inner in tree.items():
            grow(path + b"/" + name, inner, outside)
        os.chmod(path, 0)
    elif tree == "link":
        os.symlink(outside, path)
    elif tree == "fifo":
        os.mkfifo(path)
    else:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0 if tree == "locked" else 0o600))


@given(st.dictionaries(NAMES, TREES, max_size=5))
def test_empty_removes_every_tree_and_follows_no_link(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[bytes, object]
) -> None:
    folder = tmp_path_factory.mktemp("scratch")
    kept = folder / "outside"
    write(kept, {"file": "kept"})
    top = folder / "top"
    top.mkdir()
    for name, inner in tree.items():
        grow(os.fsencode(top) + b"/" + name, inner, os.fsencode(kept))
    empty(str(top))
    assert os.listdir(top) == []
    assert (kept / "file").read_text("ascii") == "kept"


def test_empty_knows_no_longest_path(tmp_path: Path) -> None:
    fd = os.open(tmp_path, os.O_RDONLY)
    for _ in range(300):
        os.mkdir("d" * 200, dir_fd=fd)
        inner = os.open("d" * 200, os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = inner
    os.close(fd)
    empty(str(tmp_path))
    assert os.listdir(tmp_path) == []
