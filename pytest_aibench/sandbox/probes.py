"""Programs that try what the sandbox forbids, to see each limit hold on this very engine."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.program import Executor, Limits, Program

__all__ = ["PROBES", "Probe", "fails"]

_LIMITS = Limits(
    cpu_seconds=1.0, wall_seconds=4.0, memory=128 << 20, processes=48, output_killed=1 << 20
)
_TRY = """
def denied(call, *arguments):
    try:
        call(*arguments)
    except OSError:
        return True
    return False
"""
_TESTS = "assert denied_all()"


@dataclass(frozen=True, slots=True)
class Probe:
    """`source` defines `denied_all()`, which is true where the sandbox holds.

    Or it breaks a limit, and the program has to end as one of `kinds`.
    """

    claim: str
    source: str
    kinds: tuple[VerdictKind, ...] = (VerdictKind.PASSED,)


def fails(executor: Executor, probe: Probe) -> str:
    """What happened where the limit does not hold; empty where it does.

    Raises:
        SandboxError: nothing can be said.
    """
    verdict = executor.execute(Program("python", _TRY + probe.source, _TESTS, _LIMITS))
    if verdict.kind in probe.kinds:
        return ""
    return _describe(verdict)


def _describe(verdict: Verdict) -> str:
    said = f" ({verdict.detail})" if verdict.detail else ""
    return f"the program that tries it ended as {verdict.kind.replace('_', ' ')}{said}"


PROBES = (
    Probe(
        "no network",
        """
import socket
def denied_all():
    families = (socket.AF_INET, socket.AF_INET6, socket.AF_VSOCK, socket.AF_PACKET)
    with open("/proc/net/dev") as file:
        devices = [line.split(":")[0].strip() for line in file.readlines()[2:]]
    sockets = all(denied(socket.socket, family, socket.SOCK_STREAM) for family in families)
    return sockets and set(devices) <= {"lo"}
""",
    ),
    Probe(
        "nothing but its scratch folder is writable",
        """
def denied_all():
    folders = ("/", "/usr", "/etc", "/var/tmp", "/dev", "/run", "/home", "/proc", "/sys")
    return all(denied(open, folder + "/probe", "w") for folder in folders)
""",
    ),
    Probe(
        "no other process is to be seen",
        """
import os
def denied_all():
    seen = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    return seen <= {1, os.getpid(), os.getppid()}
""",
    ),
    Probe(
        "PID 1 is out of reach",
        """
import os
def denied_all():
    names = ("mem", "environ", "maps", "fd/0", "cwd/x", "root/x")
    return all(denied(open, "/proc/1/" + name, "rb") for name in names)
""",
    ),
    Probe(
        "no user but its own, no capability, no new privileges",
        """
import os
def denied_all():
    with open("/proc/self/status") as file:
        facts = dict(line.split(":", 1) for line in file)
    plain = int(facts["CapEff"], 16) == 0 and facts["NoNewPrivs"].strip() == "1"
    return plain and os.geteuid() != 0 and denied(os.setuid, 0)
""",
    ),
    Probe(
        "a seccomp filter",
        """
def denied_all():
    with open("/proc/self/status") as file:
        facts = dict(line.split(":", 1) for line in file)
    return facts["Seccomp"].strip() == "2"
""",
    ),
    Probe(
        "no more memory than allowed",
        """
import os, time
for _ in range(8):
    if os.fork() == 0:
        kept = bytearray(b"x") * (64 << 20)
        time.sleep(3)
time.sleep(3)
def denied_all():
    return False
""",
        (VerdictKind.OUT_OF_MEMORY,),
    ),
    Probe(
        "a fork bomb is stopped",
        """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
""",
        (VerdictKind.TIMEOUT, VerdictKind.OUT_OF_MEMORY),
    ),
    Probe(
        "CPU time is limited",
        "import time\nwhile True: time.time()",  # which cannot be proven to be endless
        (VerdictKind.TIMEOUT,),
    ),
    Probe(
        "sleeping is limited",
        "import time; time.sleep(60)",
        (VerdictKind.TIMEOUT,),
    ),
    Probe(
        "output is limited",
        'while True: print("x" * 4096)',
        (VerdictKind.OUTPUT_LIMIT,),
    ),
    Probe(
        "leaving early is no pass",
        "import os; os._exit(0)",
        (VerdictKind.EXITED_EARLY,),
    ),
    Probe(
        "an object that equals everything is suspicious",
        """
class Equal:
    __bool__ = lambda self: __import__("os").getppid() == 1
def denied_all():
    return Equal()
""",
        (VerdictKind.SUSPICIOUS,),
    ),
    Probe(
        "nothing of these programs is left",
        """
import os
def denied_all():
    empty = all(not os.listdir(f) for f in ("/tmp", "/var/tmp"))
    return empty and {p for p in os.listdir("/proc") if p.isdigit()} <= {
        "1", str(os.getpid()), str(os.getppid())}
""",
    ),
)
