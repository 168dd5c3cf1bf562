"""Serve requests until the client hangs up.

Order of a request: read header and parts, run the sample (`sample.Sample`), answer, forget the
bytes. The process ends with the first container that is not as clean as it was, and when the
client is gone, also in the middle of a sample; the engine then removes the container.
"""

from __future__ import annotations

import fcntl
import gc
import os
import resource
import select
import signal
import sys
from typing import Any

from supervisor import compiler, preload
from supervisor.cgroup import Counters
from supervisor.child import CONTROL, Places
from supervisor.identity import Identity, identity_of_this_process
from supervisor.pinning import pin_code
from supervisor.prctl import DUMPABLE, NO_NEW_PRIVS, prctl
from supervisor.sample import OUTPUT_CAPACITY, Outcome, Request, Sample
from supervisor.scratch import Scratch
from supervisor.wire import Arena, read_header, write_message

__all__ = ["serve"]

_LARGEST_PROGRAM = 64 << 20
_SPILL = 1 << 18  # room to read what nobody keeps
_ALWAYS = {"CORE": 0, "MSGQUEUE": 0}
_LIMITS = ("cpu_seconds", "wall_seconds", "compile_seconds", "output_kept", "output_killed")


class Server:
    """Samples, one after the other, for the client at `requests` and `answers`."""

    def __init__(
        self, requests: int, answers: int, places: Places, identity: Identity, scratch: Scratch
    ) -> None:
        self._requests = requests
        self._answers = answers
        self._places = places
        self._identity = identity
        self._scratch = scratch
        self._counters = Counters()
        self._limits: dict[str, int] = {}
        self._payload = Arena(_LARGEST_PROGRAM)
        self._outputs = Arena(3 * OUTPUT_CAPACITY + _SPILL)

    def greet(self) -> None:
        write_message(self._answers, _greeting(self._counters), [])

    def run_one(self) -> bool:
        """Serve one request; whether the container may serve another."""
        header = read_header(self._requests)
        size = sum(header["sizes"])
        if size > _LARGEST_PROGRAM:
            return False
        self._payload.fill(self._requests, size)
        request = self._request(header)
        sample = Sample(request, self._outputs, self._requests, self._counters)
        outcome = sample.run(self._identity, self._scratch, self._places)
        if outcome.facts["ended"] == "client gone":
            return False
        self._answer(outcome)
        self._payload.forget(size)
        return not outcome.dirty

    def _request(self, header: dict[str, Any]) -> Request:
        parts, at = [], 0
        for size in header["sizes"]:
            parts.append(self._payload.view[at : at + size])
            at += size
        if header["guarded"]:
            preload.for_guards()
        limits = {name: header[name] for name in _LIMITS}
        rlimits = {**header["rlimits"], **_ALWAYS}
        address_space = rlimits.pop("AS", 0)
        self._restrict(rlimits)
        facts = {"language": header["language"], "address_space": address_space}
        return Request(parts=parts, **facts, **limits)

    def _restrict(self, limits: dict[str, int]) -> None:
        """Limit this process, from which every sample inherits it.

        Limits never rise again: a container serves programs of the same limits only.
        """
        if limits != self._limits:
            for name, value in limits.items():
                resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
            self._limits = limits

    def _answer(self, outcome: Outcome) -> None:
        parts = [outcome.stdout, outcome.stderr, outcome.report]
        write_message(self._answers, outcome.facts, parts)

    def wait(self, idle_seconds: float) -> bool:
        """Whether something came from the client before it was silent for too long."""
        return bool(select.select([self._requests], [], [], idle_seconds)[0])


def serve(settings: dict[str, Any]) -> None:
    """Serve the client at stdin and stdout until it is gone.

    `settings`: `role`, `"run"` or `"compile"`, what the container is for; `scratch`, the folder
    samples can write to; `first_uid`, the first of the users that samples run as where PID 1 is
    root; `idle_seconds`, how long a silent client is believed to be there (its machine may have
    gone without a word).
    """
    _harden()
    pin_code()
    requests, answers = (fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, CONTROL + 1) for fd in (0, 1))
    places = Places()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    if settings["role"] == "compile":
        compiler.serve(requests, answers, _greeting(Counters()), settings["idle_seconds"])
        return
    identity = identity_of_this_process(settings["first_uid"])
    scratch = Scratch(settings["scratch"], identity)
    scratch.prepare()
    os.chdir(scratch.path)
    server = Server(requests, answers, places, identity, scratch)
    _hide_the_harness()
    gc.collect()
    gc.freeze()  # nothing of the harness is collected, or copied, in a child
    gc.disable()
    server.greet()
    try:
        while server.wait(settings["idle_seconds"]) and server.run_one():
            pass
    except EOFError:
        return


def _harden() -> None:
    prctl(DUMPABLE, 0)
    prctl(NO_NEW_PRIVS, 1)
    os.umask(0o077)
    # A handler, as Python has one for SIGINT, would make PID 1 reachable for signals from inside.
    for number in (signal.SIGINT, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)


def _hide_the_harness() -> None:
    """Leave programs the modules that any interpreter has.

    Here and not in their processes, where every page that is touched has to be copied first.
    """
    for name in [name for name in sys.modules if name.startswith("supervisor")]:
        del sys.modules[name]
    sys.argv[:] = ["solution.py"]


def _greeting(counters: Counters) -> dict[str, Any]:
    facts = {"pid": os.getpid(), "python": sys.version.split()[0], **_confinement()}
    return {**facts, "counters": counters.complete}


def _confinement() -> dict[str, str]:
    """What the kernel says about this process: capabilities, seccomp mode, no new privileges."""
    with open("/proc/self/status", encoding="ascii") as file:
        lines = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
    return {name: lines.get(name, "") for name in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp")}
