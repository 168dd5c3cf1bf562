"""Python programs in two processes: one holds the tests and the secret, the other the solution.

Only plain values cross between them (`python_values`), so that nothing of the solution's making
takes part in a comparison, and nothing in the solution's process is worth finding. What the tests
need of the solution beside plain values is stood in for by `python_stand_ins`.

The process that PID 1 started is the one that tests. Before it holds any secret it makes its
memory unreadable for others and forks the candidate, without the control descriptor. Killing or
stopping it proves nothing, and proof is all that counts.

Parts: a JSON list of the names that the tests take from the solution, NUL, and the first part as in
`python`; trusted definitions from the prompt, NUL, the tests; the secret. Reports as in `python`,
and `{"impossible": reason}` where the tests want more than values.
"""

from __future__ import annotations

import gc
import json
import os
import socket
from typing import Any

from supervisor import preload
from supervisor.child import CONTROL
from supervisor.languages.protocol import Parts, report
from supervisor.languages.python import describe, flush, remember
from supervisor.languages.python_candidate import serve
from supervisor.languages.python_channel import Channel
from supervisor.languages.python_stand_ins import Impossible, Solution
from supervisor.prctl import DUMPABLE, prctl

__all__ = ["run"]


def run() -> None:
    """Test the program that the control descriptor holds; never returns."""
    parts = Parts()
    wanted, _, source = parts.next().decode("utf-8", "surrogatepass").partition("\0")
    names: list[str] = json.loads(wanted)
    channel = _start_candidate(source, names)
    gc.enable()
    facts = _test(parts, channel, names)
    if not facts:
        facts = {"proof": parts.next().hex()}
    flush()
    report(facts)
    os._exit(0)


def _start_candidate(source: str, names: list[str]) -> Channel:
    """Fork the process of the solution; the way to it."""
    prctl(DUMPABLE, 0)
    ours, theirs = (end.detach() for end in socket.socketpair())
    if os.fork():
        os.close(theirs)
        return Channel(ours)
    try:
        os.setsid()
        os.dup2(theirs, CONTROL)
        os.closerange(CONTROL + 1, max(ours, theirs) + 1)
        prctl(DUMPABLE, 1)
        serve(Channel(CONTROL), source, names)
    finally:
        os._exit(127)


def _test(parts: Parts, channel: Channel, names: list[str]) -> dict[str, str]:
    """What went wrong, or nothing."""
    try:
        hello = channel.receive()
        if "failed" in hello:
            return {key: str(hello["failed"][key]) for key in ("family", "type", "message")} | {
                "phase": "load"
            }
        solution = Solution(channel, names)
        namespace: dict[str, Any] = {}
        definitions, _, tests = parts.next().decode("utf-8", "surrogatepass").partition("\0")
        preload.reseed(definitions + tests)
        if definitions:
            _execute("<prompt>", definitions, namespace)
        for name in names:
            solution.bind(namespace, name, hello["names"][name])
        _execute("<tests>", tests, namespace)
        solution.raise_if_broken()
    except Impossible as error:
        return {"impossible": str(error)}
    except BaseException as error:
        return {"phase": "test", **describe(error)}
    return {}


def _execute(name: str, source: str, namespace: dict[str, Any]) -> None:
    remember(name, source)
    exec(compile(source, name, "exec", dont_inherit=True), namespace)
