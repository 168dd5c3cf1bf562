"""A Docker host behind ssh, which is this machine: the user's own ssh client, a server of ours."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.errors import SandboxError
from pytest_aibench.sandbox import Program, open_executor, tunnel
from pytest_aibench.sandbox.engine import connect
from pytest_aibench.sandbox.hosts import Hosts
from pytest_aibench.sandbox.locks import private_folder
from tests.docker.second_engine import free_port, is_running
from tests.docker.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
GOOD = Program("python", "def f(): return 1", "assert f() == 1")
SERVER = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/key
AuthorizedKeysFile {folder}/key.pub
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
"""
CLIENT = """
Host 127.0.0.1
    IdentityFile {folder}/key
    IdentitiesOnly yes
    UserKnownHostsFile {folder}/known
    StrictHostKeyChecking accept-new
"""
OWNER = """
import os, signal, sys
from pytest_aibench.sandbox import tunnel
from pytest_aibench.sandbox.engine import connect

connect(sys.argv[1])
print(tunnel._tunnels[sys.argv[1]]._ssh.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def listens(port: int) -> bool:
    with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port))):
        return True
    return False


@pytest.fixture(scope="module")
def server(client: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """URL of the host, and the folder with an `ssh` that knows its key."""
    sshd = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")
    if os.geteuid() or not sshd or not shutil.which("ssh"):
        pytest.skip("an ssh server of our own needs root, sshd and ssh (package openssh-server)")
    folder = tmp_path_factory.mktemp("ssh")
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key"], check=True
    )
    port = free_port()
    (folder / "sshd_config").write_text(SERVER.format(port=port, folder=folder))
    (folder / "ssh_config").write_text(CLIENT.format(folder=folder))
    wrapper = folder / "bin" / "ssh"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {folder}/ssh_config "$@"\n')
    wrapper.chmod(0o755)
    separation = Path("/run/sshd")  # sshd wants it; its package makes it when it starts a service
    made = not separation.exists()
    separation.mkdir(exist_ok=True)
    process = subprocess.Popen([sshd, "-D", "-f", folder / "sshd_config"])
    assert wait_until(lambda: listens(port))
    yield f"ssh://{getpass.getuser()}@127.0.0.1:{port}", wrapper.parent
    process.terminate()
    process.wait()
    if made:
        separation.rmdir()


@pytest.fixture
def url(server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PATH", str(server[1]), prepend=os.pathsep)
    return server[0]


def tunnels(pid: int | str = "*") -> list[Path]:
    return [*private_folder().glob(f"ssh-{pid}-*.sock")]


def test_programs_run_behind_ssh(url: str, image: str, tmp_path: Path) -> None:
    hosts = Hosts((url,), tmp_path / "hosts.jsonl")
    executor = open_executor(run_id="tunnel", remember=False, hosts=hosts)
    assert executor.execute(GOOD).passed
    executor.close()
    assert len(tunnels(os.getpid())) == 1  # one for all connections of a process


def test_broken_tunnel_is_opened_again(url: str) -> None:
    connect(url).close()
    broken = tunnel._tunnels[url]
    os.kill(broken._ssh.pid, signal.SIGKILL)
    assert wait_until(lambda: not broken.is_open)
    with closing(connect(url)) as client:
        assert client.ping()
    assert not broken.socket.exists()


def test_killed_owner_leaves_no_tunnel(url: str) -> None:
    done = subprocess.run([sys.executable, "-c", OWNER, url], capture_output=True, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert wait_until(lambda: not is_running(int(done.stdout)))
    connect(url).close()
    assert {int(path.name.split("-")[1]) for path in tunnels()} >= {os.getpid()}


def test_unreachable_host_is_one_sentence(url: str) -> None:
    with pytest.raises(SandboxError, match=r"no way to ssh://127.0.0.1:1 \(ssh: .*refused\): try "):
        connect("ssh://127.0.0.1:1")
