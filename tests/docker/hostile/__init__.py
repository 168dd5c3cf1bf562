"""Programs that attack the sandbox, each with the property that it tries to break.

A program reports every breach itself: it prints a line that begins with `HOLE`. The sources see
the names of `PRELUDE`; `add` is what the tests call, and a program that says nothing else answers
honestly, so that only its attack is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

__all__ = ["CANARY", "PRELUDE", "TESTS", "Hostile"]

PRELUDE = '''
import ctypes, os, signal, sys, time

libc = ctypes.CDLL(None, use_errno=True)


def hole(what):
    os.write(1, ("HOLE %s\\n" % (what,)).encode())


def must_fail(what, call, *arguments, **named):
    """`call` raises, or returns -1 as system calls do."""
    try:
        if call(*arguments, **named) == -1:
            return
    except (OSError, ValueError, AttributeError):
        return
    hole(what)


def add(a, b):
    return a + b


'''

TESTS = """
def check(candidate):
    for i in range(20):
        assert candidate(i, 7) == i + 7

check(add)
"""

# Runs after every attack: it must pass, and must not see anything of an earlier program.
CANARY = (
    PRELUDE
    + """
others = [p for p in os.listdir("/proc") if p.isdigit() and p not in ("1", str(os.getpid()))]
if others:
    hole("processes %s" % others)
for folder in ("/tmp", "/dev/shm", "/dev/mqueue", "/var/tmp", "/run/lock"):
    if os.path.isdir(folder) and os.listdir(folder):
        hole("files in %s: %s" % (folder, os.listdir(folder)))
if os.listxattr("/tmp") or os.stat("/tmp").st_mtime or os.stat("/tmp").st_mode & 0o777 != 0o700:
    hole("traces on the scratch folder")
space = os.statvfs("/tmp")
if space.f_blocks - space.f_bfree > 1 or space.f_files - space.f_ffree > 1:
    hole("space in the scratch folder")
for kind in ("shm", "msg", "sem"):
    if open("/proc/sysvipc/" + kind).read().count("\\n") > 1:
        hole("System V " + kind)
if len(open("/proc/net/unix").read().splitlines()) > 1 + 4:
    hole("sockets")
if os.getpriority(os.PRIO_PROCESS, 0) or len(os.sched_getaffinity(0)) != os.cpu_count():
    hole("scheduling")
if sorted(os.listdir("/proc/self/fd"))[:4] != ["0", "1", "2", "3"]:
    hole("descriptors")
"""
)


@dataclass(frozen=True)
class Hostile:
    """`allowed`: verdict kinds, separated by blanks; `passed` only where the answer is honest."""

    name: str
    attacks: str
    allowed: str
    source: str

    @property
    def program(self) -> str:
        return PRELUDE + dedent(self.source)
