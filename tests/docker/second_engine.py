"""A Docker engine of a test's own, beside the machine's, that can be killed and started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from pytest_aibench.errors import SandboxError
from pytest_aibench.sandbox.engine import connect
from tests.docker.waiting import wait_until

_SCRIPT = """
while read -r _; do
    rm -f "$0/pid"
    dockerd --data-root "$0/data" --exec-root "$0/exec" --pidfile "$0/pid" -H "unix://$0/sock" \
        --bridge=none --iptables=false --ip-forward=false --ip-masq=false \
        --cgroup-parent="/$1" $2 >>"$0/log" 2>&1 &
done
"""


class SecondEngine:
    """The engine below `folder`, in namespaces of its own: what it leaves goes with them.

    `tcp_url` has an address where it asks for certificates, which `certificates` holds.

    Raises:
        SandboxError: it does not start.
    """

    def __init__(self, folder: Path) -> None:
        self.url = f"unix://{folder}/sock"
        self.tcp_url = f"tcp://127.0.0.1:{free_port()}"
        self.certificates = _make_certificates(folder / "certificates")
        self._folder = folder
        self._cgroup = f"aibench-test-{os.getpid()}"
        files = {"tlscacert": "ca.pem", "tlscert": "cert.pem", "tlskey": "key.pem"}
        options = [f"-H={self.tcp_url}", "--tlsverify"]
        options += [f"--{option}={self.certificates / name}" for option, name in files.items()]
        command = ["unshare", "-m", "-p", "-f", "--mount-proc", "--kill-child"]
        self._namespaces = subprocess.Popen(
            [*command, "sh", "-c", _SCRIPT, str(folder), self._cgroup, " ".join(options)],
            stdin=subprocess.PIPE,
        )
        try:
            self.start()
        except SandboxError:
            self.close()
            raise

    def start(self) -> None:
        """Start a daemon where none runs, and wait until it answers."""
        if self._daemons():
            return
        assert self._namespaces.stdin is not None
        self._namespaces.stdin.write(b"\n")
        self._namespaces.stdin.flush()
        if not wait_until(self._answers):
            log = self._folder / "log"
            raise SandboxError(log.read_text()[-500:] if log.exists() else "no dockerd here")

    def kill(self) -> None:
        """`kill -9` of the daemon; its containers are not told."""
        for pid in self._daemons():
            os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: not self._daemons())

    def close(self) -> None:
        """Leave no process, mount, cgroup or file."""
        self._namespaces.kill()
        self._namespaces.wait()
        assert self._namespaces.stdin is not None
        self._namespaces.stdin.close()
        assert wait_until(self._is_gone), f"{self._folder} or its cgroups are in use"

    def _answers(self) -> bool:
        with contextlib.suppress(SandboxError):
            connect(self.url).close()
            return True
        return False

    def _daemons(self) -> list[int]:
        shells = _children(self._namespaces.pid)
        return [pid for shell in shells for pid in _children(shell) if is_running(pid)]

    def _is_gone(self) -> bool:
        try:
            for group in self._cgroups():
                group.rmdir()
            shutil.rmtree(self._folder)
        except OSError:
            return not self._folder.exists() and not [*self._cgroups()]
        return True

    def _cgroups(self) -> Iterator[Path]:
        """Of every controller, innermost first."""
        root = Path("/sys/fs/cgroup")
        for top in [*root.glob(self._cgroup), *root.glob(f"*/{self._cgroup}")]:
            yield from sorted((path for path in top.rglob("*") if path.is_dir()), reverse=True)
            yield top


def free_port() -> int:
    """A TCP port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _make_certificates(folder: Path) -> Path:
    """One certificate for both sides, which vouches for itself."""
    folder.mkdir()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=aibench", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    shutil.copy(folder / "cert.pem", folder / "ca.pem")
    return folder


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()] if path.exists() else []


def is_running(pid: int) -> bool:
    """Whether the process still lives; of a dead one nothing is known but its number."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text() != ""
    return False
