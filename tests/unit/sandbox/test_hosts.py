from __future__ import annotations

from pathlib import Path

import pytest

from pytest_aibench.errors import SandboxError
from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.engine import machine_of, open_slots
from pytest_aibench.sandbox.hosts import Hosts, place
from pytest_aibench.sandbox.locks import private_folder, usable_cores
from pytest_aibench.sandbox.program import Program
from pytest_aibench.sandbox.spread import SpreadExecutor

A, B, C = "unix:///nowhere/a", "unix:///nowhere/b", "unix:///nowhere/c"
PROGRAM = Program("python", "", "")


class Client:
    """What an engine says of itself."""

    def __init__(self, cores: int = 4, arch: str = "amd64") -> None:
        self._cores, self._arch = cores, arch

    def version(self) -> dict[str, str]:
        return {"Os": "linux", "Arch": self._arch, "Version": "28.0"}

    def info(self) -> dict[str, int]:
        return {"NCPU": self._cores}


@pytest.fixture
def hosts(tmp_path: Path) -> Hosts:
    hosts = Hosts((A, B), tmp_path / "run" / "hosts.jsonl")
    hosts.join(A, Client(4))
    hosts.join(B, Client(8))
    return hosts


@pytest.mark.parametrize(
    ("cores", "placed"),
    [
        ([2], [0, 0, 0]),
        ([2, 2], [0, 1, 0, 1]),
        ([4, 2], [0, 0, 1, 0, 0, 1]),
        ([2, 8], [1, 1, 1, 0, 1]),
    ],
)
def test_workers_spread_by_cores(cores: list[int], placed: list[int]) -> None:
    assert [place(worker, cores) for worker in range(len(placed))] == placed


def test_as_many_workers_as_cores_give_every_program_its_own() -> None:
    cores = [3, 1, 8]
    placed = [place(worker, cores) for worker in range(sum(cores))]
    assert [placed.count(host) for host in range(3)] == cores


def test_facts_and_warnings_of_a_dropped_host(hosts: Hosts) -> None:
    hosts.drop(B, "first reason")
    hosts.drop(B, "second reason")  # two workers found out at once
    hosts.warn(A, "odd")
    hosts.warn(A, "odd")
    same_file = Hosts(hosts.urls, hosts.file)  # as another process sees it
    assert same_file.living() == {A: 4}
    assert same_file.facts() == [
        {"host": A, "cores": 4, "engine": "28.0"},
        {"host": B, "cores": 8, "engine": "28.0", "dropped": "first reason"},
    ]
    odd, dropped = same_file.warnings()
    assert odd == f"Docker host {A}: odd"
    assert dropped.startswith(f"Docker host {B} was dropped (first reason)")


def test_engine_that_nobody_named_is_no_fact(tmp_path: Path) -> None:
    hosts = Hosts((), tmp_path / "hosts.jsonl")
    hosts.join("", Client())
    hosts.warn("", "odd")
    assert (hosts.facts(), hosts.warnings()) == ([], ["odd"])


def test_hosts_of_another_kind_are_refused(hosts: Hosts) -> None:
    with pytest.raises(SandboxError, match=rf"{C} is linux/arm64 and {A} is linux/amd64.*one kind"):
        hosts.join(C, Client(arch="arm64"))


@pytest.mark.parametrize(
    ("url", "machine"),
    [
        ("unix:///var/run/docker.sock", ""),
        ("tcp://localhost:2375", ""),
        ("tcp://127.0.0.1:2375", ""),
        ("tcp://[::1]:2375", ""),
        ("tcp://Box.example:2376", "box.example"),
        ("ssh://ann@box.example:22", "box.example"),
    ],
)
def test_machine_of_a_host(url: str, machine: str) -> None:
    assert machine_of(url) == machine


def test_machine_of_docker_host_is_asked_where_no_host_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://box.example:2376")
    assert machine_of("") == "box.example"


@pytest.mark.parametrize(
    ("url", "locks"),
    [
        ("ssh://ann@box", {"slot-box-queue", "slot-box-0", "slot-box-1", "slot-box-2"}),
        ("tcp://box:2376", {"slot-box-queue", "slot-box-0", "slot-box-1", "slot-box-2"}),
        ("unix:///one.sock", {"slot-queue", *(f"slot-{i}" for i in range(usable_cores()))}),
    ],
)
def test_slots_are_those_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, locks: set[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    open_slots(url, Client(3)).close()
    assert {path.stem for path in private_folder().iterdir()} == locks


class Scripted:
    """An executor that answers until its host dies."""

    def __init__(self, url: str, dead: set[str]) -> None:
        self._url, self._dead = url, dead

    def execute(self, program: Program) -> Verdict:
        if self._url in self._dead:
            raise ConnectionError("gone")
        return Verdict(VerdictKind.PASSED, self._url)

    def close(self) -> None:
        if self._url in self._dead:
            raise ConnectionError("gone")


def test_dead_hosts_are_left_until_one_is_left(hosts: Hosts) -> None:
    dead: set[str] = set()
    executor = SpreadExecutor(hosts, "gw0", lambda url: Scripted(url, dead))
    assert executor.execute(PROGRAM).detail == B
    dead.add(B)
    assert executor.execute(PROGRAM).detail == A
    assert [*hosts.living()] == [A]
    dead.add(A)
    for _ in range(2):
        with pytest.raises(SandboxError, match=f"no Docker host could run the program: {A}: gone"):
            executor.execute(PROGRAM)
    dead.clear()
    assert executor.execute(PROGRAM).detail == A
    executor.close()


def test_hosts_that_died_at_once_are_all_tried_again(hosts: Hosts) -> None:
    for url in hosts.urls:
        hosts.drop(url, "each found dead by a worker of its own")
    executor = SpreadExecutor(hosts, "gw0", lambda url: Scripted(url, {B}))
    assert executor.execute(PROGRAM).detail == A


def test_host_that_another_process_dropped_is_not_tried(hosts: Hosts) -> None:
    hosts.drop(B, "found dead by another worker")
    tried: list[str] = []

    def open_on(url: str) -> Scripted:
        tried.append(url)
        return Scripted(url, set())

    executor = SpreadExecutor(hosts, "gw1", open_on)
    executor.execute(PROGRAM)
    executor.close()
    assert tried == [A]
