"""In which order requests are sent: what an item waits for, what it will want next, the plan."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from pytest_aibench.models.base import Request

__all__ = ["AHEAD", "Work", "WorkQueue"]

AHEAD = 32
"""How many of the requests that follow a waited-for one in the plan are preferred with it.

xdist's workers begin at different places of the plan; without this, all but the first starve until
the plan reaches them.
"""


class Work(NamedTuple):
    """One request to send, under the key of its reply."""

    key: bytes
    request: Request


class WorkQueue:
    """Each request comes out once, unless it is wanted again."""

    def __init__(self, ahead: int = AHEAD) -> None:
        self._ahead = ahead
        self._waiting: dict[bytes, Request] = {}
        self._order: list[bytes] = []
        self._position: dict[bytes, int] = {}
        self._next = 0
        self._wanted: deque[bytes] = deque()
        self._near: deque[bytes] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def plan(self, work: Iterable[Work]) -> None:
        """Append to the plan; what is in it already stays where it is."""
        for key, request in work:
            if key not in self._position:
                self._position[key] = len(self._order)
                self._order.append(key)
                self._waiting[key] = request

    def want(self, work: Work) -> None:
        """Someone waits for this: it comes out first, and what follows it in the plan next."""
        self._waiting.setdefault(work.key, work.request)
        self._wanted.append(work.key)
        at = self._position.get(work.key)
        if at is not None:
            following = self._order[at + 1 : at + 1 + self._ahead]
            self._near.extend(key for key in following if key in self._waiting)

    def take(self) -> Work | None:
        """The most urgent request, None where all have been taken."""
        for urgent in (self._wanted, self._near):
            while urgent:
                key = urgent.popleft()
                if key in self._waiting:
                    return Work(key, self._waiting.pop(key))
        while self._next < len(self._order):
            key = self._order[self._next]
            self._next += 1
            if key in self._waiting:
                return Work(key, self._waiting.pop(key))
        return None
