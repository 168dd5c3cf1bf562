"""The process that holds a solution and calls it for the process that holds the tests.

Nothing in here is trusted: the solution shares it. It says first what it defines,
`{"names": {name: kind}}` or `{"failed": report}`, and then answers each request with
`{"value": ...}` (and the arguments, if the call changed them) or `{"error": [types], "message"}`.
"""

from __future__ import annotations

import gc
import inspect
import os
import sys
from types import ModuleType
from typing import Any

from supervisor import preload
from supervisor.languages.python import describe, flush, remember, take_away
from supervisor.languages.python_channel import Channel
from supervisor.languages.python_values import decode, dump, encode

__all__ = ["serve"]


def serve(channel: Channel, source: str, names: list[str]) -> None:
    """Load `source`, then call what it defines until the channel ends."""
    leave, process, process_id = os._exit, os.getpid(), os.getpid
    gc.enable()
    candidate = Candidate()
    try:
        source = take_away(source)
        preload.reseed(source)
        code = compile(source, "<solution>", "exec", dont_inherit=True)
        remember("<solution>", source)
        exec(code, candidate.namespace)
    except BaseException as error:
        if process_id() == process:
            channel.send({"failed": describe(error)})
        leave(0)
    if process_id() != process:  # a process that the solution forked and let return to here
        leave(0)
    channel.send({"names": {name: candidate.kind(name) for name in names}})
    try:
        while True:
            answer = candidate.answer(channel.receive())
            if process_id() != process:  # a process that the call forked and let return to here
                leave(0)
            channel.send(answer)
    except EOFError:
        flush()
    leave(0)


class Candidate:
    """The solution's namespace, and those of its objects that the tests have seen."""

    def __init__(self) -> None:
        self.namespace: dict[str, Any] = {}
        self._objects: list[Any] = []

    def kind(self, name: str) -> list[Any]:
        """What `name` is: how the tests' process is to stand in for it."""
        if name not in self.namespace:
            return ["absent"]
        found = self.namespace[name]
        if isinstance(found, ModuleType):
            return ["module", found.__name__]
        home = sys.modules.get(getattr(found, "__module__", None) or "")
        if home is not None and getattr(home, name, None) is found:
            return ["import", home.__name__]
        if inspect.isclass(found):
            return ["class"]
        return ["callable"] if callable(found) else ["value", encode(found, self._keep)]

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do as `request` says; what it raises is an answer too."""
        try:
            target = self._target(request["target"])
            if "attribute" in request:
                return {"value": encode(getattr(target, request["attribute"]), self._keep)}
            return self._call(target, request["arguments"], request["named"])
        except BaseException as error:
            return self._error(error)

    def _target(self, target: str | int) -> Any:
        return self.namespace[target] if isinstance(target, str) else self._objects[target]

    def _call(self, target: Any, sent: list[Any], named: dict[str, Any]) -> dict[str, Any]:
        arguments = [decode(value, self._resolve) for value in sent]
        keywords = {name: decode(value, self._resolve) for name, value in named.items()}
        before = dump(sent)
        result = encode(target(*arguments, **keywords), self._keep)
        after = [encode(value, self._reference) for value in arguments]
        return {"value": result} if dump(after) == before else {"value": result, "changed": after}

    def _error(self, error: BaseException) -> dict[str, Any]:
        try:
            types = [t.__name__ for t in type(error).__mro__ if t.__module__ == "builtins"]
            return {"error": types, "message": str(error)[:2000]}
        except BaseException:
            return {"error": ["Exception"], "message": "that cannot be printed"}

    def _keep(self, value: Any) -> dict[str, Any]:
        self._objects.append(value)
        return {"object": [len(self._objects) - 1, type(value).__name__, bool(value)]}

    def _reference(self, value: Any) -> dict[str, Any]:
        known = (i for i, kept in enumerate(self._objects) if kept is value)
        return {"object": [next(known, -1)]}

    def _resolve(self, reference: list[Any]) -> Any:
        return self._objects[reference[0]]
