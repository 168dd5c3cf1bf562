"""In which order requests are sent: what an item waits for, what it will want next, the plan."""

from __future__ import annotations

from collections import defaultdict, deque
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
    """One sample to ask for, under the key of its reply; those of one `group` may be asked for in
    one request, those of the empty one may not."""

    key: bytes
    request: Request
    group: bytes = b""


class WorkQueue:
    """Each sample comes out once, unless it is wanted again, with those of its group.

    `most` limits how many come out together; None is no limit.
    """

    def __init__(self, ahead: int = AHEAD) -> None:
        self.most: int | None = None
        self._ahead = ahead
        self._waiting: dict[bytes, Work] = {}
        self._groups: defaultdict[bytes, list[bytes]] = defaultdict(list)
        self._order: list[bytes] = []
        self._position: dict[bytes, int] = {}
        self._next = 0
        self._wanted: deque[bytes] = deque()
        self._near: deque[bytes] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def plan(self, work: Iterable[Work]) -> None:
        """Append to the plan; what is in it already stays where it is."""
        for one in work:
            if one.key not in self._position:
                self._position[one.key] = len(self._order)
                self._order.append(one.key)
                self._waiting[one.key] = one
                if one.group:
                    self._groups[one.group].append(one.key)

    def want(self, work: Work) -> None:
        """Someone waits for this: it comes out first, and what follows it in the plan next."""
        self._waiting.setdefault(work.key, work)
        self._wanted.append(work.key)
        at = self._position.get(work.key)
        if at is not None:
            following = self._order[at + 1 : at + 1 + self._ahead]
            self._near.extend(key for key in following if key in self._waiting)

    def take(self) -> list[Work]:
        """The most urgent sample and those with it, by index; none where all have been taken."""
        first = self._first()
        if first is None:
            return []
        with_it = [k for k in self._groups.get(first.group, ()) if k in self._waiting]
        taken = [first, *(self._waiting.pop(key) for key in with_it[: self.most and self.most - 1])]
        return sorted(taken, key=lambda work: work.request.sample)

    def _first(self) -> Work | None:
        for urgent in (self._wanted, self._near):
            while urgent:
                key = urgent.popleft()
                if key in self._waiting:
                    return self._waiting.pop(key)
        while self._next < len(self._order):
            key = self._order[self._next]
            self._next += 1
            if key in self._waiting:
                return self._waiting.pop(key)
        return None
