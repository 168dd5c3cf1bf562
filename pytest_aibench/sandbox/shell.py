"""A shell in a container like those that programs run in, with a problem's files in its scratch."""

from __future__ import annotations

import contextlib
import json
import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from typing import Any

from pytest_aibench.errors import SandboxError
from pytest_aibench.sandbox.confinement import SCRATCH, Shape, choose_uid, container_settings
from pytest_aibench.sandbox.image import ImageRef
from pytest_aibench.sandbox.languages import get_language
from pytest_aibench.sandbox.owner import owner_labels
from pytest_aibench.sandbox.program import Limits

__all__ = ["open_shell"]

_CHUNK = 1 << 14
_END_OF_INPUT = b"\n\x04"  # it ends a shell at the beginning of a line only
# PID 1 is a parent of the shell, as a shell that is PID 1 ignores signals.
_COMMAND = f"""
import json, os, subprocess, sys
os.chdir("{SCRATCH}")
os.chmod(".", 0o700)
for name, text in json.loads(sys.argv[1]).items():
    with open(name, "w", encoding="utf-8", errors="surrogatepass") as file:
        file.write(text)
sys.exit(subprocess.call(["/bin/bash", "--norc", "-i"]))
"""


def open_shell(client: Any, image: ImageRef, language: str, files: dict[str, str]) -> int:
    """Connect this process's terminal with a shell, until it ends; its exit status.

    `files` are written into the scratch folder, where the shell starts.

    Raises:
        SandboxError: the engine refused.
    """
    from docker.errors import APIError

    shape = Shape.of(get_language(language).family, Limits())
    settings = container_settings(shape, "warm", choose_uid(0, "warm"), seccomp=True)
    settings["environment"] = {**settings["environment"], "PS1": "sandbox$ ", "TERM": "xterm"}
    settings["auto_remove"] = False  # its exit status is read first
    try:
        container = client.containers.create(
            image.digest,
            ["python3", "-c", _COMMAND, json.dumps(files)],
            labels=owner_labels("shell", "shell"),
            detach=False,
            tty=True,
            **settings,
        )
    except APIError as error:
        raise SandboxError(f"a sandbox container could not be made: {error}") from error
    try:
        _converse(client, container)
        return int(container.wait()["StatusCode"])
    finally:
        container.remove(force=True)


def _converse(client: Any, container: Any) -> None:
    streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
    attached = client.api.attach_socket(container.id, params=streams)
    socket = getattr(attached, "_sock", attached)
    container.start()
    _resize(container)
    try:
        with _raw_terminal():
            _copy(socket)
    finally:
        response = getattr(attached, "_response", None)
        if response is not None:
            response.close()
        attached.close()
        socket.close()


def _copy(socket: Any) -> None:
    """Both ways between the terminal and `socket`, until the container closes it."""
    keyboard, screen = sys.stdin.fileno(), sys.stdout.fileno()
    watched = [keyboard, socket.fileno()]
    while True:
        for fd in select.select(watched, [], [])[0]:
            if fd == keyboard:
                typed = os.read(keyboard, _CHUNK)
                socket.sendall(typed or _END_OF_INPUT)
                watched = watched if typed else watched[1:]
            else:
                shown = socket.recv(_CHUNK)
                if not shown:
                    return
                _write(screen, shown)


def _write(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def _resize(container: Any) -> None:
    with contextlib.suppress(OSError):
        columns, rows = os.get_terminal_size(sys.stdout.fileno())
        container.resize(rows, columns)


@contextlib.contextmanager
def _raw_terminal() -> Iterator[None]:
    """Every key goes to the shell, Ctrl-C too; nothing changes where stdin is no terminal."""
    keyboard = sys.stdin.fileno()
    if not os.isatty(keyboard):
        yield
        return
    before = termios.tcgetattr(keyboard)
    try:
        tty.setraw(keyboard)
        yield
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
