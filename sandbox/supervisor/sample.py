"""One sample from its first to its last process."""

from __future__ import annotations

import os
import select
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any

from supervisor import child
from supervisor.cgroup import Counters
from supervisor.identity import Identity, kill_everything
from supervisor.languages import RUNNERS
from supervisor.pressure import Shortage, Starvation
from supervisor.scratch import Scratch
from supervisor.wire import Arena, Region

__all__ = ["LONGEST_WALL_FACTOR", "OUTPUT_CAPACITY", "Outcome", "Request", "Sample"]

OUTPUT_CAPACITY = 1 << 20  # capacity for each of stdout, stderr and the report
_CORES = os.cpu_count() or 1
_LONGEST_NAP = 0.25
_LAST_NAP = 0.02  # behind the wall limit, where only waiting for a core keeps a sample alive
_REAP_SECONDS = 5.0
LONGEST_WALL_FACTOR = 4  # how far waiting for a core can extend the wall limit
_WRITE = 1 << 18


@dataclass(frozen=True)
class Request:
    """What to run, and within which limits; `parts` lie in the arena of payloads.

    With `compile_seconds`, the process compiles until it asks for the second part: that much CPU
    time is allowed for it, and the other two times count from then on.
    """

    language: str
    parts: list[memoryview]
    cpu_seconds: float
    wall_seconds: float
    compile_seconds: float
    output_kept: int
    output_killed: int
    address_space: int


@dataclass(frozen=True)
class Outcome:
    """Facts for the header of the answer, and the bytes that follow it."""

    facts: dict[str, Any]
    stdout: memoryview
    stderr: memoryview
    report: memoryview

    @property
    def dirty(self) -> bool:
        return bool(self.facts["dirty"])


class Sample:
    """Runs `request` in a new process and follows it until nothing of it is left.

    `client` is the descriptor whose hang-up means that nobody waits for an answer any more.
    """

    def __init__(self, request: Request, outputs: Arena, client: int, counters: Counters) -> None:
        self._request = request
        kept, overflow = (
            min(request.output_kept, OUTPUT_CAPACITY),
            outputs.view[3 * OUTPUT_CAPACITY :],
        )
        views = [outputs.view[i * OUTPUT_CAPACITY : i * OUTPUT_CAPACITY + kept] for i in (0, 1)]
        self._stdout, self._stderr = (Region(view, overflow) for view in views)
        self._report = Region(outputs.view[2 * OUTPUT_CAPACITY : 3 * OUTPUT_CAPACITY], overflow)
        self._client = client
        self._counters = counters
        self._starvation, self._shortage = Starvation(), Shortage(counters)
        self._begun = self._cpu = 0.0  # when the present stage began: time, CPU time until then
        self._compiling = request.compile_seconds > 0
        self._compile_cpu = 0.0
        self._released = 0  # parts of the program that were sent, or are being sent
        self._unread = False  # whether the process ended before it had read the last of them
        self._queue: list[bytes | memoryview] = []
        self._ended = ""
        self._poll = select.poll()
        self._regions: dict[int, Region] = {}
        self._control = self._process = -1

    def run(self, identity: Identity, scratch: Scratch, places: child.Places) -> Outcome:
        counters = self._counters
        self._begin_stage()
        killed, denied = counters.oom_kills(), counters.forks_denied()
        identity.renew()
        scratch.open()
        pid = self._start(identity, places)
        self._follow()
        status, processes, dirty = _end_all(identity, pid)
        self._drain()
        wall, cpu = time.monotonic() - self._begun, counters.cpu_seconds() - self._cpu
        dirty += scratch.clean() + scratch.traces()
        facts = {
            "ended": self._ended,
            "compiling": self._compiling,
            "compile_cpu_seconds": self._compile_cpu,
            "taken": self._released - (self._unread or bool(self._queue)),
            "status": status,
            "cpu_seconds": cpu,
            "wall_seconds": wall,
            "processes": processes,
            "oom_kills": counters.oom_kills() - killed,
            "forks_denied": counters.forks_denied() - denied,
            "written": self._stdout.received + self._stderr.received,
            "dirty": dirty,
        }
        outputs = (self._stdout.bytes_from(), self._stderr.bytes_from())
        return Outcome(facts, *outputs, self._report.bytes_from(max(0, self._released - 1)))

    def _start(self, identity: Identity, places: child.Places) -> int:
        silence = os.open(os.devnull, os.O_RDONLY)
        (out, out_end), (err, err_end) = os.pipe(), os.pipe()
        self._control, control_end = (end.detach() for end in socket.socketpair())
        run = RUNNERS[self._request.language]
        ends = (silence, out_end, err_end, control_end)
        pid = child.start(run, ends, places, self._request.address_space, identity)
        for fd in ends:
            os.close(fd)
        self._watch(out, self._stdout)
        self._watch(err, self._stderr)
        self._watch(self._control, self._report)
        self._process = os.pidfd_open(pid)
        self._poll.register(self._process, select.POLLIN)
        self._poll.register(self._client, 0)  # a hang-up is always reported
        self._release()
        return pid

    def _watch(self, fd: int, region: Region) -> None:
        os.set_blocking(fd, False)
        self._regions[fd] = region
        self._poll.register(fd, select.POLLIN)

    def _end(self, reason: str) -> None:
        self._ended = self._ended or reason

    def _begin_stage(self) -> None:
        self._begun, self._cpu = time.monotonic(), self._counters.cpu_seconds()

    def _begin_run(self) -> None:
        """The program was compiled: what it uses counts from now on."""
        self._compiling, before = False, self._cpu
        self._begin_stage()
        self._compile_cpu = self._cpu - before

    def _limits(self) -> tuple[float, float]:
        """CPU and wall limit of the present stage."""
        limits = self._request
        if self._compiling:
            return limits.compile_seconds, limits.wall_seconds + 2 * limits.compile_seconds
        return limits.cpu_seconds, limits.wall_seconds

    def _follow(self) -> None:
        """Serve the process until it ends or a limit does it; `_ended` then says which."""
        while not self._ended:
            look = time.monotonic() + self._nap()
            while not self._ended and (left := look - time.monotonic()) > 0:
                self._serve(left)
            if not self._ended:
                self._check_limits()

    def _nap(self) -> float:
        """Seconds for which no limit has to be looked at."""
        cpu_limit, wall_limit = self._limits()
        cpu_left = cpu_limit - (self._counters.cpu_seconds() - self._cpu)
        wall_left = self._begun + wall_limit - time.monotonic()
        # The CPU limit cannot be reached sooner than if every core works for the sample.
        nap = max(0.005, min(cpu_left / _CORES, _LONGEST_NAP))
        return min(nap, wall_left if wall_left > 0 else _LAST_NAP)

    def _check_limits(self) -> None:
        cpu_limit, wall_limit = self._limits()
        self._starvation.look()
        # Waiting for a core does not count.
        waited = min(self._starvation.seconds, (LONGEST_WALL_FACTOR - 1) * wall_limit)
        if self._shortage.look():
            self._end("memory")
        elif self._counters.cpu_seconds() - self._cpu >= cpu_limit:
            self._end("cpu")
        elif time.monotonic() - self._begun >= wall_limit + waited:
            self._end("wall")

    def _serve(self, seconds: float) -> None:
        """Wait for at most `seconds`, and handle what happened."""
        for fd, events in self._poll.poll(seconds * 1000):
            if fd == self._client:
                self._end("client gone")
            elif fd == self._process:
                self._end("exit")
            elif fd == self._control:
                self._on_control(fd, events)
            elif self._read(fd) and self._regions[fd].received > self._request.output_killed:
                self._end("output")

    def _on_control(self, fd: int, events: int) -> None:
        if events & select.POLLOUT:
            self._send(fd)
        if events & (select.POLLIN | select.POLLHUP) and self._read(fd):
            self._answer()

    def _answer(self) -> None:
        """Release a part for each `+` that opens the stream of control."""
        stream = self._report.bytes_from()
        while 0 < self._released < len(self._request.parts):
            asked = self._released - 1
            if asked >= len(stream) or stream[asked] != ord("+"):
                return
            if self._compiling:
                self._begin_run()
            self._release()

    def _release(self) -> None:
        part = self._request.parts[self._released]
        self._released += 1
        self._queue.append(struct.pack(">I", len(part)))
        if part:  # whoever has read the length of an empty part may be gone already
            self._queue.append(part)
        if self._control in self._regions:
            self._send(self._control)

    def _send(self, fd: int) -> None:
        """Write what the process takes at once; `_serve` goes on with the rest."""
        try:
            while self._queue:
                rest = memoryview(self._queue[0])
                rest = rest[os.write(fd, rest[:_WRITE]) :]
                self._queue[:1] = [rest] if rest else []
        except BlockingIOError:
            pass
        except OSError:  # the process closed its end
            self._queue.clear()
            self._unread = True
        if fd in self._regions:
            self._poll.modify(fd, select.POLLIN | (select.POLLOUT if self._queue else 0))

    def _read(self, fd: int) -> int:
        """Read once into the region of `fd`, which is no longer watched at its stream's end."""
        try:
            count = self._regions[fd].read(fd)
        except BlockingIOError:
            return 0
        except ConnectionResetError:  # the other end was closed with data in it
            count, self._unread = 0, True
        except OSError:
            count = 0
        if not count:
            self._poll.unregister(fd)
            del self._regions[fd]
            os.close(fd)
        return count

    def _drain(self) -> None:
        """Collect what the dead processes had written, and close every descriptor."""
        for fd in list(self._regions):
            while fd in self._regions and self._read(fd):
                pass
        for fd in (*self._regions, self._process):
            os.close(fd)


def _end_all(identity: Identity, pid: int) -> tuple[int | None, int, list[str]]:
    """Kill and reap until no child is left: exit status of `pid`, number of processes, problems.

    PID 1 inherits every orphan, so "no child" proves that the container holds no other process.
    The status is negative for a signal, as in `subprocess`.
    """
    status, processes, deadline = None, 0, time.monotonic() + _REAP_SECONDS
    while time.monotonic() < deadline:
        kill_everything(identity)
        while True:
            try:
                ended, code = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return status, processes, []
            if not ended:
                break
            processes += 1
            if ended == pid:
                status = os.waitstatus_to_exitcode(code)
        time.sleep(0.0002)
    return status, processes, ["processes that do not die"]
