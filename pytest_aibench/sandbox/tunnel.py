"""Docker engines behind ssh: their socket, forwarded to one of ours by the user's own ssh client.

So the user's keys, agent, jump hosts and known hosts are those of every other connection, and
what arrives here is a socket like any other: it takes time limits, and carries attached streams.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import select
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from pytest_aibench.errors import SandboxError
from pytest_aibench.sandbox.locks import private_folder

__all__ = ["open_tunnel"]

_REMOTE_SOCKET = "/var/run/docker.sock"
_READY_SECONDS = 30.0
_READY = b"aibench-ready\n"
_OPTIONS = (
    "BatchMode=yes",  # nobody is there to be asked
    "ConnectTimeout=15",
    "ControlPath=none",  # a shared connection would outlive this process
    "ExitOnForwardFailure=yes",
    "ServerAliveInterval=5",
)

_lock = threading.Lock()
_tunnels: dict[str, _Tunnel] = {}
_serial = itertools.count()


def open_tunnel(url: str) -> str:
    """Address (`unix://...`) of the engine at `url`: `ssh://[user@]box[:port][/path/of/socket]`.

    A tunnel is opened once a process, and ends with it, however that ends.

    Raises:
        SandboxError: ssh is not installed, or cannot reach the machine.
    """
    with _lock:
        tunnel = _tunnels.get(url)
        if tunnel is None or not tunnel.is_open:
            if tunnel is not None:
                tunnel.close()
            tunnel = _tunnels[url] = _Tunnel(url)
        return f"unix://{tunnel.socket}"


class _Tunnel:
    """One ssh client with its forwarded socket."""

    def __init__(self, url: str) -> None:
        folder = private_folder()
        _sweep(folder)
        self.socket = folder / f"ssh-{os.getpid()}-{next(_serial)}.sock"
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the tunnel
        try:
            self._ssh = subprocess.Popen(
                _command(url, self.socket),
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                start_new_session=True,  # Ctrl-C is for us: containers are removed through it
            )
        except OSError as error:
            self._said.close()
            raise SandboxError(f"{url} needs an ssh client ({error}): install one") from None
        atexit.register(self.close)
        if not self._is_ready():
            raise SandboxError(f"no way to {url} ({self._close_and_explain()}): try {_hint(url)}")

    @property
    def is_open(self) -> bool:
        return self._ssh.poll() is None

    def close(self) -> None:
        self._ssh.terminate()
        self._ssh.wait()
        for file in (self._ssh.stdin, self._ssh.stdout, self._said):
            assert file is not None
            file.close()
        self.socket.unlink(missing_ok=True)
        atexit.unregister(self.close)

    def _is_ready(self) -> bool:
        """Whether the other side echoes what we say: it does so after the socket was forwarded."""
        assert self._ssh.stdin is not None
        assert self._ssh.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._ssh.stdin.write(_READY)
        deadline = time.monotonic() + _READY_SECONDS
        heard = b""
        while _READY not in heard:  # a login script may speak before
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self._ssh.stdout], [], [], left)[0]:
                return False
            chunk = os.read(self._ssh.stdout.fileno(), 4096)
            if not chunk:
                return False
            heard += chunk
        return True

    def _close_and_explain(self) -> str:
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
        self.close()
        return lines[-1].strip() if lines else "ssh does not get through"


def _command(url: str, socket: Path) -> list[str]:
    """The remote command ends with our end of its input, and ssh with the command."""
    parts = urlsplit(url)
    options = [word for option in _OPTIONS for word in ("-o", option)]
    port = ["-p", str(parts.port)] if parts.port else []
    user = ["-l", parts.username] if parts.username else []
    forward = f"{socket}:{parts.path.rstrip('/') or _REMOTE_SOCKET}"
    return ["ssh", "-T", "-a", "-x", *options, *port, *user, "-L", forward, "--",
            parts.hostname or "", "cat"]  # fmt: skip


def _hint(url: str) -> str:
    parts = urlsplit(url)
    user = f"{parts.username}@" if parts.username else ""
    port = f"-p {parts.port} " if parts.port else ""
    return f"`ssh {port}{user}{parts.hostname} docker version`"


def _sweep(folder: Path) -> None:
    """Remove the sockets of processes that were killed."""
    for socket in folder.glob("ssh-*.sock"):
        try:
            os.kill(int(socket.name.split("-")[1]), 0)
        except ProcessLookupError:
            socket.unlink(missing_ok=True)
        except PermissionError:  # somebody else's process has the number now
            continue
