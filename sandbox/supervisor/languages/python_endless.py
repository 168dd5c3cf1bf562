"""Proves of a running Python program that it never ends, so that no time limit has to say so.

Whenever the program has used up twice as much CPU time as the last time, a timer looks where it
is. If that is within a `while` loop of the small language (`python_loops`), the loop's frame is
traced for a while, and the state is noted whenever the loop's head is reached: the values of all
names that the loop can read or write, with their exact types and with what is shared among them.

**Theorem.** If the same instruction is reached twice in the same state, and in between the frame
has executed nothing but the loop's lines, then the program never ends. For

1. what the loop does next is decided by the instruction and the state. The values are plain:
   numbers, text, bytes, `None`, ranges, and lists, tuples and dicts of those; on plain values the
   small language computes plain values, from nothing else, and runs no code of the program but
   the loop's and that of functions in the same language. The head begins a statement that is
   within no `for` of the loop, so no iterator that the loop could advance is under way. NaN is
   refused, as containers compare it by identity; so are sets, whose order depends on their past.
2. Nothing else takes part. There is one thread and no other trace. What could interfere from
   aside (handlers of signals, timers, processes, `__del__`, the `finally` of a generator) is out of
   reach of a program that imports none of the modules for it and does not hide where it
   reaches (`speaks_openly`). Programs that do, or are too long to be read, are not watched.
3. So after the second time the same happens as after the first, up to the same instruction in the
   same state, and so for ever. No exception can end this: none was raised the first time, and
   what recurs uses up no memory.

`Loop.sums` are left out of the state, but for their types, while they are integers or
floating-point numbers: nothing but themselves depends on them. Adding to them raises nothing if it
once did not. For an integer that still is one had nothing but integers added, which any integer
takes; and to a floating-point number every summand was converted already. Integers grow with the
logarithm of time, so that memory lasts.

`Loop.counters` are left out where they have passed all that they are read for, at both times. Their
goals are in the state. As a goal is written by adding to it only, its equal values mean that it
kept this value in between; and what is cut kept its length, as nothing changes in place. Counters
rise, so that each read of one turned out as it does for any value beyond, and will again.

A program that knows of this can disturb it, or pretend to be endless; it gains nothing, as it
fails either way. Whatever goes wrong in here ends the watch, and the time limit decides.
"""

from __future__ import annotations

# What `signal` wraps: its wrappers cost a forked process 0.3 ms more, in pages that are copied.
import _signal  # type: ignore[import-not-found]
import ast
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from supervisor.languages.python_loops import (
    SOLUTION,
    Loop,
    Scope,
    Unfit,
    enclosing,
    examine,
)
from supervisor.languages.python_openness import speaks_openly

__all__ = ["FIRST_LOOK", "Description", "Prover"]

Report = Callable[[int], None]

FIRST_LOOK = 0.1  # seconds of CPU time
_FUEL = 10_000  # of one watch, in events and parts of states: some 10 ms
_LARGEST_STATE = 2000  # parts
_LONGEST_TEXT = 1 << 16  # characters
_DEEPEST = 200  # frames: a deep recursion shall not fail because of this
# Programs that speak of one of these have an interest in when their objects die, or might change
# what this module is made of.
_WARY = ("__del__", "async", "builtins", "signal", "yield")
_SIGNAL, _TIMER = int(signal.SIGVTALRM), signal.ITIMER_VIRTUAL  # of CPU time, outside the kernel

_COMPREHENSIONS = frozenset({"<dictcomp>", "<genexpr>", "<listcomp>"})
_NUMBERS = frozenset({int, float})
_PLAIN = frozenset({bool, bytes, dict, float, int, list, range, str, tuple, type(None)})
_AGAIN, _PASSED = object(), object()


class Prover:
    """Watches the program whose first part is `source`, in the process that makes this.

    `report` is called with the line of a loop that was proven endless, and does not return.
    """

    def __init__(self, source: str, report: Report) -> None:
        self._texts = [source]
        self._read: list[ast.Module] = []  # the first of them, as far as they are open
        self._report = report
        self._seconds = FIRST_LOOK
        self._last: Watch | None = None  # kept as long as it may run
        if "signal" not in source:  # who speaks of signals might notice
            _signal.signal(_SIGNAL, self._look)
            _signal.setitimer(_TIMER, self._seconds)

    def add(self, text: str) -> None:
        """Take notice of a further part of the program: its tests."""
        self._texts.append(text)
        if "signal" in text:
            _signal.setitimer(_TIMER, 0.0)

    def _look(self, number: int, frame: FrameType | None) -> None:
        """The timer's handler: if there is something to prove, begin to."""
        try:
            if sys.gettrace() is None and sys.getprofile() is None:
                self._watch(frame)
            _signal.setitimer(_TIMER, self._seconds)
            self._seconds *= 2
        except BaseException:  # the program goes on as if nothing had happened
            return

    def _watch(self, frame: FrameType | None) -> None:
        frames = list(_outwards(frame))
        if len(frames) > _DEEPEST or len(sys._current_frames()) > 1 or not self._is_open(1):
            return
        places = [
            place
            for frame in frames
            if frame.f_code.co_filename == SOLUTION
            for place in _places(self._read[0], frame)
        ]
        if places and self._is_open(len(self._texts)):
            self._last = Watch(places, self._report)
            self._last.begin()

    def _is_open(self, count: int) -> bool:
        """Whether the first `count` parts of the program are short and hide nothing."""
        for text in self._texts[len(self._read) : count]:
            if [word for word in _WARY if word in text] or len(text) > _LONGEST_TEXT:
                return False
            tree = ast.parse(text)
            if not speaks_openly(tree):
                return False
            self._read.append(tree)
        return True


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


@dataclass(frozen=True)
class Place:
    """A loop that is under way in `frame`. `codes`: what may be called meanwhile."""

    frame: FrameType
    scope: Scope
    loop: Loop
    codes: frozenset[CodeType]

    def holds(self, line: int) -> bool:
        return self.loop.first <= line <= self.loop.last


def _places(tree: ast.Module, frame: FrameType) -> list[Place]:
    """The loops of `frame` that can be watched, from the innermost outwards."""
    scope, places = Scope(frame), []
    for node in enclosing(tree, frame.f_code, frame.f_lineno):
        try:
            loop = examine(tree, node, scope)
        except Unfit:  # as are the loops around it
            break
        inner = _comprehensions((frame.f_code, *loop.functions))
        places.append(Place(frame, scope, loop, frozenset((*loop.functions, *inner))))
    return places


def _comprehensions(codes: Iterable[CodeType]) -> Iterator[CodeType]:
    for code in codes:
        for constant in code.co_consts:
            if isinstance(constant, CodeType) and constant.co_name in _COMPREHENSIONS:
                yield constant
                yield from _comprehensions([constant])


class Watch:
    """Follows the first of `places`; when that loop is left, the next that is still under way.

    Each state is compared with that of the arrival 1, 2, 4, 8 ... before it: one of them recurs if
    any does (R. P. Brent, An improved Monte Carlo factorization algorithm, 1980).
    """

    def __init__(self, places: list[Place], report: Report) -> None:
        self._places = places
        self._report = report
        self._fuel = _FUEL
        # One object each, which stays: an interpreter of 3.11 crashed where they went while in use.
        self._of_calls, self._of_events = self._on_call, self._on_event
        self._forget()

    def begin(self) -> None:
        self._places[0].frame.f_trace = self._of_events
        sys.settrace(self._of_calls)

    def _end(self) -> None:
        sys.settrace(None)
        for place in self._places:
            place.frame.f_trace = None

    def _forget(self) -> None:
        self._noted: list[object] = []
        self._arrivals, self._next_note = 0, 1

    def _spend(self, units: int) -> None:
        self._fuel -= units
        if self._fuel < 0:
            raise Unfit

    # A trace function stays if it returns nothing; what it returned would outlive the watch.

    def _on_call(self, frame: FrameType, event: str, argument: Any) -> None:
        """A function begins: one of the loop's, or one that nobody reckoned with."""
        try:
            self._spend(1)
            if frame.f_code not in self._places[0].codes:
                self._end()
        except BaseException:
            self._end()

    def _on_event(self, frame: FrameType, event: str, argument: Any) -> None:
        try:
            self._spend(1)
            self._step(frame, event)
        except BaseException:
            self._end()

    def _step(self, frame: FrameType, event: str) -> None:
        place = self._places[0]
        if event == "exception":
            self._forget()
        elif event == "return" or not place.holds(frame.f_lineno):
            self._leave(frame, event)
        elif frame.f_lineno == place.loop.head:
            self._arrive(frame, place)

    def _leave(self, frame: FrameType, event: str) -> None:
        frame.f_trace = None
        while self._places and self._places[0].frame is frame:
            if event == "line" and self._places[0].holds(frame.f_lineno):
                break
            del self._places[0]
        self._forget()
        if self._places:
            self._places[0].frame.f_trace = self._of_events
        else:
            self._end()

    def _arrive(self, frame: FrameType, place: Place) -> None:
        state = [frame.f_lasti, *_state(place)]
        self._spend(len(state))
        if state == self._noted:
            self._report(place.loop.first)
        self._arrivals += 1
        if self._arrivals == self._next_note:
            self._noted, self._next_note = state, 2 * self._next_note


def _state(place: Place) -> list[object]:
    """The values of the loop's names; of its sums, the types; of counters, that they have passed.

    Raises:
        Unfit: they are not plain, or too many.
    """
    loop = place.loop
    values = dict(zip(loop.names, place.scope.meanings(loop.names), strict=True))
    description = Description()
    for name, value in values.items():
        if name in loop.sums and type(value) in _NUMBERS:
            description.parts.append(type(value))
        elif name in loop.counters and loop.counters[name].has_passed(value, values):
            description.parts.append(_PASSED)
        else:
            description.add(value)
    return description.parts


class Description:
    """Plain values, written down in `parts`: equal ones describe what no plain code tells apart.

    The exact type precedes each value, which keeps 1, 1.0 and True apart; 0.0 is not -0.0. A list
    or dict that occurs again is named by its place, so that one list under two names is not
    two equal lists.
    """

    def __init__(self) -> None:
        self.parts: list[object] = []
        self._places: dict[int, int] = {}

    def add(self, value: object) -> None:
        """Write `value` down.

        Raises:
            Unfit: it is not plain, or too large.
        """
        kind, place = type(value), len(self.parts)
        if value is Scope.UNBOUND:
            self.parts.append(value)
        elif kind not in _PLAIN or place > _LARGEST_STATE:
            raise Unfit
        elif (kind is list or kind is dict) and self._places.setdefault(id(value), place) != place:
            self.parts += (_AGAIN, self._places[id(value)])
        else:
            self.parts.append(kind)
            self._add_content(value)

    def _add_content(self, value: object) -> None:
        match value:
            case float():
                if value != value:
                    raise Unfit
                self.parts.append(value.hex())
            case list() | tuple():
                self.parts.append(len(value))
                for item in value:
                    self.add(item)
            case dict():
                self.parts.append(len(value))
                for key, item in value.items():
                    self.add(key)
                    self.add(item)
            case range():
                self.parts.append((value.start, value.stop, value.step))
            case _:
                self.parts.append(value)
