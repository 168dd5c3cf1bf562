"""Python programs: solution, then tests, executed in one namespace of a forked interpreter.

As OpenAI's human-eval does (`exec(program, {})`): the globals are empty but for the builtins, so
`__name__` is "builtins" and no `if __name__ == "__main__"` block runs; every exception counts as
a failure, SystemExit and KeyboardInterrupt among them. Unlike there, solution and tests are
compiled one after the other, and the tests enter the process only when the solution has run.

First part: a guard, which takes away what the program shall not have, NUL, the solution.
Reports: `{"proof": secret}` after the tests ran to their end;
`{"phase": "endless", "line": ...}` once it is proven that they never will (`python_endless`); else
`{"phase": "compile" | "load" | "test", "family": ..., "type": ..., "message": ...}`.
"""

from __future__ import annotations

import gc
import linecache
import os
import sys
from collections.abc import Callable
from typing import Any

from supervisor import preload
from supervisor.languages.protocol import Parts, report
from supervisor.languages.python_endless import Prover

__all__ = ["describe", "flush", "remember", "run", "take_away"]

_FAMILIES: tuple[tuple[type[BaseException], str], ...] = (
    (AssertionError, "assertion"),
    (MemoryError, "memory"),
    (SystemExit, "exit"),
)


def run() -> None:
    """Execute the program that the control descriptor holds; never returns."""
    leave, process, process_id = os._exit, os.getpid(), os.getpid
    gc.enable()
    parts = Parts()
    facts = _execute(parts)
    if process_id() != process:  # a process that the program forked and let return to here
        leave(0)
    if not facts:
        facts = {"proof": parts.next().hex()}
    flush()
    report(facts)
    leave(0)


def _execute(parts: Parts) -> dict[str, str]:
    """What went wrong, or nothing."""
    compile_, exec_ = compile, exec  # the program may replace the builtins
    namespace: dict[str, Any] = {}
    phase = "compile"
    try:
        source = take_away(parts.next().decode("utf-8", "surrogatepass"))
        preload.reseed(source)
        remember("<solution>", source)
        code = compile_(source, "<solution>", "exec", dont_inherit=True)
        phase = "load"
        prover = Prover(source, _give_up)
        exec_(code, namespace)
        phase = "test"
        source = parts.next().decode("utf-8", "surrogatepass")
        preload.reseed(source)
        prover.add(source)
        exec_(compile_(source, "<tests>", "exec", dont_inherit=True), namespace)
    except BaseException as error:
        return {"phase": phase, **describe(error)}
    return {}


def _give_up(line: int, leave: Callable[[int], None] = os._exit) -> None:
    """Wait no longer for a program whose loop in `line` never ends."""
    report({"phase": "endless", "line": str(line)})
    leave(0)


def take_away(text: str) -> str:
    """Run the guard, which ends at the first NUL; the solution, which follows it."""
    guard, _, source = text.partition("\0")
    if guard:
        exec(compile(guard, "<guard>", "exec"), {})
    return source


def describe(error: BaseException) -> dict[str, str]:
    """Family, type and message of `error`, whose class may do anything when it is looked at."""
    try:
        family = next((name for kind, name in _FAMILIES if isinstance(error, kind)), "other")
        return {"family": family, "type": type(error).__name__[:100], "message": str(error)[:1000]}
    except BaseException:
        return {"family": "other", "type": "Exception", "message": "that cannot be printed"}


def remember(name: str, source: str) -> None:
    """Let `inspect.getsource` and tracebacks find the program's lines."""
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)


def flush() -> None:
    """Write what is buffered for stdout and stderr."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # a stream of the program's own making
            continue
