"""Java programs: the classes that the compiler's container made of them, run in a JVM.

First part: a JSON object with `main`, the class to run, `assertions`, whether `assert` counts,
`libraries`, whether javatuples is there, and `heap`, the size of the heap in MiB. Second part: the
classes, each as a 16-bit length, its name, a 32-bit length, its content. The third part is empty:
the JVM asks for it when it is up, and for the secret (`java/Harness.java`); its control descriptor
is 0.
"""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path

from supervisor.child import CONTROL
from supervisor.languages.protocol import Parts, report

__all__ = ["run"]

_JAVA = "/usr/bin/java"
_CLASS_PATH = "/opt/aibench/java/run:/tmp"
_LIBRARIES = ":/usr/share/java/javatuples.jar"
_OPTIONS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:CompileThresholdScaling=4",  # most programs end before compiled code pays
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-Xshare:auto",
)


def run() -> None:
    """Become the JVM; never returns."""
    parts = Parts()
    settings = json.loads(parts.next())
    try:
        for name, content in _classes(parts.next()):
            _write(name, content)
    except OSError as error:  # names that no file system takes, or more than the scratch holds
        report({"phase": "compile", "message": f"a class cannot be written: {error}"[:1000]})
        os._exit(1)
    options = [*_OPTIONS, f"-Xmx{settings['heap']}m", *(["-ea"] if settings["assertions"] else [])]
    os.dup2(CONTROL, 0, inheritable=True)
    os.close(CONTROL)
    path = _CLASS_PATH + _LIBRARIES * settings["libraries"]
    arguments = ["-cp", path, "aibench.Harness", settings["main"]]
    os.execv(_JAVA, [_JAVA, *options, *arguments])


def _classes(data: bytes) -> list[tuple[str, bytes]]:
    found, at = [], 0
    while at < len(data):
        (size,) = struct.unpack_from(">H", data, at)
        name = data[at + 2 : at + 2 + size].decode("utf-8", "replace")
        at += 2 + size
        (size,) = struct.unpack_from(">I", data, at)
        found.append((name, data[at + 4 : at + 4 + size]))
        at += 4 + size
    return found


def _write(name: str, content: bytes) -> None:
    path = Path(name.replace(".", "/") + ".class")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
