"""Several Docker hosts share a run, and one that dies takes no sample with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.errors import SandboxError
from pytest_aibench.records import Verdict
from pytest_aibench.sandbox import Program, open_executor
from pytest_aibench.sandbox.engine import connect
from pytest_aibench.sandbox.hosts import Hosts
from pytest_aibench.sandbox.image import image_tag
from pytest_aibench.sandbox.owner import LABEL, owner_labels
from pytest_aibench.sandbox.spread import SpreadExecutor
from tests.docker.second_engine import SecondEngine
from tests.docker.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
FIRST = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
GOOD = Program("python", "def f(): return 1", "assert f() == 1")
BAD = Program("python", "def f(): return 2", "assert f() == 1, f()")


@pytest.fixture(scope="module")
def daemon(client: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecondEngine]:
    if os.geteuid() or not all(map(shutil.which, ("dockerd", "unshare", "openssl"))):
        pytest.skip("a second Docker engine needs root, dockerd, unshare and openssl")
    try:
        engine = SecondEngine(tmp_path_factory.mktemp("engine"))
    except SandboxError as error:
        pytest.skip(f"no second Docker engine starts here: {error}")
    yield engine
    engine.close()


@pytest.fixture
def second(daemon: SecondEngine, image: str) -> SecondEngine:
    """A second engine that runs, whatever the test before did to it."""
    daemon.start()
    return daemon


@pytest.fixture
def hosts(second: SecondEngine, tmp_path: Path) -> Hosts:
    """Both engines, as the controller of a run makes them ready."""
    hosts = Hosts((FIRST, second.url), tmp_path / "hosts.jsonl")
    for url in hosts.urls:
        with closing(connect(url)) as client:
            hosts.join(url, client)
            hosts.image(url, client, "python")
    return hosts


def timeless(verdict: Verdict) -> Verdict:
    return replace(verdict, cpu_seconds=0.0, wall_seconds=0.0)


def test_every_host_runs_the_image_of_the_first(
    hosts: Hosts, second: SecondEngine, image: str
) -> None:
    with closing(connect(second.url)) as client:
        assert client.images.get(image_tag()).id == image
        said: list[str] = []
        assert hosts.image(second.url, client, "python", said.append).digest == image
        assert said == []  # it is there: nothing is carried again


def test_verdicts_do_not_tell_the_host(hosts: Hosts) -> None:
    found = []
    for worker in ("gw0", "gw1"):
        executor = open_executor(run_id="hosts", worker=worker, remember=False, hosts=hosts)
        found.append([timeless(executor.execute(program)) for program in (GOOD, BAD)])
        executor.close()
    assert found[0] == found[1]


def test_host_on_the_network(
    hosts: Hosts, second: SecondEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(second.certificates))
    alone = replace(hosts, urls=(second.tcp_url,))
    executor = open_executor(run_id="hosts", remember=False, hosts=alone)
    assert executor.execute(GOOD).passed
    executor.close()
    monkeypatch.setenv("DOCKER_CERT_PATH", str(second.certificates.parent))
    with pytest.raises(SandboxError, match="no Docker engine answers at tcp://127"):
        connect(second.tcp_url)


def test_orphans_are_swept_on_every_host(hosts: Hosts, second: SecondEngine) -> None:
    dead = {**owner_labels("hosts", "w"), f"{LABEL}.started": "1"}
    with closing(connect(second.url)) as client:
        orphan = client.containers.create(image_tag(), ["true"], labels=dead)
        executor = open_executor(run_id="hosts", worker="gw1", remember=False, hosts=hosts)
        executor.execute(GOOD)
        executor.close()
        assert orphan.id not in {item["Id"] for item in client.api.containers(all=True)}


def test_what_an_engine_lacks_is_a_warning_of_the_run(
    image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytest_aibench.sandbox.executor.weaknesses", lambda hello: ["no filter"])
    alone = Hosts((), tmp_path / "hosts.jsonl")
    executor = open_executor(run_id="hosts", remember=False, hosts=alone)
    executor.execute(GOOD)
    executor.close()
    assert alone.warnings() == ["no filter"]


class Broken:
    """An executor on a host that answers, and yet runs nothing."""

    def __init__(self) -> None:
        self.asked = 0

    def execute(self, program: Program) -> Verdict:
        self.asked += 1
        raise SandboxError("its disk is full")

    def close(self) -> None: ...


def test_host_that_runs_nothing_is_given_up(client: Any, image: str, tmp_path: Path) -> None:
    hosts = Hosts((FIRST, "unix:///run/docker.sock"), tmp_path / "hosts.jsonl")  # one engine
    broken = Broken()
    working = open_executor(run_id="hosts", remember=False)
    executor = SpreadExecutor(hosts, "gw0", lambda url: broken if url == FIRST else working)
    for _ in range(5):
        assert executor.execute(GOOD).passed
    executor.close()
    assert broken.asked == 3
    assert [*hosts.living()] == ["unix:///run/docker.sock"]


PROBLEM = {
    "task_id": "Add/0",
    "prompt": "def add(a, b):\n",
    "entry_point": "add",
    "test": "def check(candidate):\n    assert candidate(1, 2) == 3\n",
    "canonical_solution": "    return a + b\n",
}


def solution(number: int) -> str:
    """Every third is wrong; each is another text, and takes a moment."""
    operator = "-" if number % 3 == 0 else "+"
    return (
        f"import time\n\ndef add(a, b):\n    time.sleep(0.1)\n    return a {operator} b  # {number}"
    )


class Run:
    """A run of pytest in a process of its own, in `folder`."""

    def __init__(self, folder: Path, samples: int, *options: str) -> None:
        self._folder = folder
        (folder / "add.jsonl").write_text(json.dumps(PROBLEM))
        rows = [json.dumps({"task_id": "Add/0", "solution": solution(i)}) for i in range(samples)]
        (folder / "replies.jsonl").write_text("\n".join(rows))
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", os.devnull,
                str(ROOT / "benchmarks" / "test_problems.py"), "--rootdir", str(ROOT),
                "--problems", "add.jsonl", "--model", "replay/replies.jsonl",
                "--n-samples", str(samples), "--aibench-cache", "cache",
                "--aibench-report", "run.json", *options,
            ],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def end(self) -> tuple[int, dict[str, Any], str]:
        """Its exit code, summary and output."""
        output, _ = self.process.communicate(timeout=300)
        assert (self._folder / "run.json").exists(), output
        return self.process.returncode, json.loads((self._folder / "run.json").read_text()), output


@pytest.fixture
def start_run(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def start(samples: int, *options: str) -> Run:
        runs.append(Run(tmp_path, samples, *options))
        return runs[-1]

    yield start
    for run in runs:
        run.process.kill()
        run.process.communicate()


def containers(url: str) -> int:
    with closing(connect(url)) as client:
        return len(client.api.containers(filters={"label": f"{LABEL}=sandbox"}))


def test_kill_9_of_one_daemon_loses_no_sample(
    hosts: Hosts, second: SecondEngine, tmp_path: Path, start_run: Callable[..., Run]
) -> None:
    run = start_run(30, "-n2", "--sandbox-host", FIRST, "--sandbox-host", second.url)
    assert wait_until(lambda: containers(second.url) > 0)
    second.kill()
    code, summary, output = run.end()
    assert code == 0, output
    assert summary["run"]["complete"] is True
    assert summary["benchmarks"]["problems"]["problems"] == {"Add/0": {"n": 30, "c": 20}}
    rows = map(json.loads, (tmp_path / "run.samples.jsonl").read_text().splitlines())
    wrong = {row["sample"] for row in rows if row.get("kind") == "wrong_answer"}
    assert wrong == set(range(0, 30, 3))
    dropped = {host["host"]: "dropped" in host for host in summary["run"]["hosts"]}
    assert dropped == {FIRST: False, second.url: True}
    (warning,) = summary["run"]["warnings"]
    assert warning.startswith(f"Docker host {second.url} was dropped (it does not answer")
    assert f"warning: {warning}" in output
