"""What the tests see in place of a solution that lives in another process."""

from __future__ import annotations

import builtins
import collections
import importlib
import sys
from typing import Any

from supervisor.languages.python_channel import Channel
from supervisor.languages.python_values import decode, encode

__all__ = ["CandidateError", "Impossible", "Solution"]

# What tests ask of plain values; an object that offers it too is an impostor.
_PLAIN = (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)
_PLAIN_ATTRIBUTES = frozenset(name for kind in _PLAIN for name in dir(kind))
_SHORT_NAMES = {"np": "numpy"}


class Impossible(BaseException):
    """These tests want more of a solution than values: nothing is said about the solution."""


class CandidateError(Exception):
    """The solution raised an exception of its own making, or its process is gone."""


class Solution:
    """The solution at the other end of `channel`."""

    def __init__(self, channel: Channel, names: list[str]) -> None:
        self._channel = channel
        self._broken = ""
        self._impossible = ""
        # By the spelling in the tests, which are trusted; the solution could call anything a class.
        self.makes_objects = any(name[:1].isupper() for name in names)

    def bind(self, namespace: dict[str, Any], name: str, kind: list[Any]) -> None:
        """Put into `namespace` what stands for the solution's `name`."""
        match kind:
            case ["callable"] | ["class"]:
                namespace[name] = RemoteFunction(self, name)
            case ["module", str(module)] if module == _SHORT_NAMES.get(name, name):
                namespace[name] = _import(module)
            case ["import", str(module)] if hasattr(_import(module), name):
                namespace[name] = getattr(_import(module), name)
            case ["value", value]:
                namespace[name] = decode(value, self._resolve)
            case ["absent"]:
                pass  # the tests may do without, or fail with a NameError of their own
            case _:
                raise CandidateError(f"{name} is nothing that tests can use")

    def request(self, **message: Any) -> Any:
        """What the solution answers; raises what it raises."""
        self.raise_if_broken()
        try:
            self._channel.send(message)
            return self._understand(self._channel.receive())
        except (OSError, EOFError):
            self._broken = "its process ended before the tests had"
        except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:
            self._broken = f"its process answered with no value ({error})"
        raise CandidateError(self._broken)

    def _understand(self, answer: dict[str, Any]) -> Any:
        """Value and changed arguments."""
        if "error" in answer:
            return _exception(answer["error"], str(answer["message"])), None
        changed = [decode(value, self._resolve) for value in answer.get("changed", ())]
        return decode(answer["value"], self._resolve), changed

    def call(self, target: str | int, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Call what `target` names, with plain values."""
        value, changed = self.request(
            target=target,
            arguments=[encode(argument, self._send_object) for argument in arguments],
            named={name: encode(value, self._send_object) for name, value in named.items()},
        )
        return self._result(value, changed, arguments)

    def attribute(self, target: int, name: str) -> Any:
        """An attribute of an object of the solution's."""
        value, changed = self.request(target=target, attribute=name)
        return self._result(value, changed, ())

    def _result(self, value: Any, changed: Any, arguments: tuple[Any, ...]) -> Any:
        if changed is None:
            raise value
        for argument, content in zip(arguments, changed, strict=False):
            _update(argument, content)
        return value

    def impossible(self, reason: str) -> None:
        """Give up, also where the tests catch every exception. Raises `Impossible`."""
        self._impossible = reason
        raise Impossible(reason)

    def refuse(self, operation: str) -> None:
        """An object of the solution's must not take part in `operation`, which would let it decide.

        It is meant to where the tests themselves make objects of the solution's classes.
        """
        if self.makes_objects:
            self.impossible(f"the tests use {operation} of the solution's objects")

    def raise_if_broken(self) -> None:
        """Remind of what tests may have caught."""
        if self._impossible:
            raise Impossible(self._impossible)
        if self._broken:
            raise CandidateError(self._broken)

    def _resolve(self, reference: list[Any]) -> RemoteObject:
        number, *facts = reference
        name, truth = facts or ("object", True)
        return RemoteObject(self, int(number), str(name), bool(truth))

    def _send_object(self, value: Any) -> Any:
        if isinstance(value, RemoteObject):
            return {"object": [object.__getattribute__(value, "_number")]}
        self.impossible(f"the tests give the solution a {type(value).__name__}, not a plain value")
        return None


class RemoteFunction:
    """A function or class of the solution's, by its name."""

    def __init__(self, solution: Solution, name: str) -> None:
        self.__name__ = self.__qualname__ = name
        self._solution = solution

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._solution.call(self.__name__, arguments, named)

    def __getattr__(self, name: str) -> Any:
        if name == "__wrapped__":  # asked by functools of every function
            raise AttributeError(name)
        self._solution.impossible(f"the tests look at {name} of {self.__name__}")
        return None


class RemoteObject:
    """An object of the solution's that is no plain value: it equals nothing, and can do little."""

    def __init__(self, solution: Solution, number: int, name: str, truth: bool) -> None:
        self._solution = solution
        self._number = number
        self._name = name
        self._truth = truth

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._solution.call(self._number, arguments, named)

    def __getattr__(self, name: str) -> Any:
        impostor = name in _PLAIN_ATTRIBUTES and not self._solution.makes_objects
        if impostor or name.startswith("__"):
            raise AttributeError(f"{self._name!r} object has no attribute {name!r}")
        return self._solution.attribute(self._number, name)

    def __bool__(self) -> bool:
        return self._truth

    def __eq__(self, other: object) -> bool:
        if isinstance(other, RemoteObject) and self._number != other._number:
            self._solution.refuse("equality")
        return isinstance(other, RemoteObject) and self._number == other._number

    def __hash__(self) -> int:
        return self._number

    def __repr__(self) -> str:
        self._solution.refuse("the text")
        return f"<{self._name} object>"


def _forbidden(operation: str) -> Any:
    def refuse(self: Any, *_: Any) -> Any:
        self._solution.refuse(operation)
        raise TypeError(f"{self._name!r} object is no plain value: it has no {operation}")

    return refuse


for _operation in ("len", "iter", "getitem", "contains", "lt", "le", "gt", "ge", "add", "sub"):
    setattr(RemoteObject, f"__{_operation}__", _forbidden(_operation))


def _import(module: str) -> Any:
    """A module that comes with Python, or numpy."""
    if module.partition(".")[0] in sys.stdlib_module_names or module == "numpy":
        return importlib.import_module(module)
    raise CandidateError(f"{module} is no module that tests can use")


def _exception(types: Any, message: str) -> BaseException:
    """An exception of the first of `types` that is a builtin one."""
    for name in types:
        kind = getattr(builtins, str(name), None)
        if isinstance(kind, type) and issubclass(kind, Exception) and kind is not Exception:
            try:
                return kind(message)
            except TypeError:  # UnicodeDecodeError wants more than a message
                continue
    return CandidateError(message)


def _update(argument: Any, content: Any) -> None:
    """Let the tests see in their own `argument` what the solution made of it."""
    if isinstance(argument, list | bytearray):
        argument[:] = content
    elif isinstance(argument, dict | set):
        argument.clear()
        argument.update(content)
    elif isinstance(argument, collections.deque):
        argument.clear()
        argument.extend(content)
