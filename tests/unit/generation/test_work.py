from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.generation.work import Work, WorkQueue
from tests.unit.generation.requests import asked

WORK = [Work(bytes([i]), asked(i)) for i in range(20)]


def taken(queue: WorkQueue, count: int = 100) -> list[int]:
    out: list[int] = []
    while len(out) < count and (works := queue.take()):
        (work,) = works
        assert work.request.sample == work.key[0]
        out.append(work.key[0])
    return out


def test_the_plan_comes_out_in_order_and_once() -> None:
    queue = WorkQueue()
    queue.plan(WORK[:3])
    queue.plan(WORK[2:5])
    assert len(queue) == 5
    assert taken(queue) == [0, 1, 2, 3, 4]
    assert queue.take() == []
    assert len(queue) == 0


def test_what_someone_waits_for_comes_first_and_what_follows_it_next() -> None:
    queue = WorkQueue(ahead=2)
    queue.plan(WORK)
    assert taken(queue, 1) == [0]
    queue.want(WORK[10])
    queue.want(WORK[15])
    assert taken(queue, 8) == [10, 15, 11, 12, 16, 17, 1, 2]
    assert len(taken(queue)) == 11


def test_what_is_not_planned_can_be_wanted() -> None:
    queue = WorkQueue()
    queue.want(WORK[7])
    assert taken(queue) == [7]


def test_what_was_taken_can_be_wanted_again() -> None:
    queue = WorkQueue(ahead=0)
    queue.plan(WORK[:2])
    assert taken(queue) == [0, 1]
    queue.want(WORK[0])
    assert taken(queue) == [0]


def test_a_group_comes_out_together_whichever_of_it_is_wanted() -> None:
    queue = WorkQueue(ahead=0)
    queue.plan(work._replace(group=bytes([work.key[0] // 4])) for work in WORK[:10])
    queue.want(WORK[6])
    assert _indices(queue.take()) == [4, 5, 6, 7]
    assert _indices(queue.take()) == [0, 1, 2, 3]
    queue.want(WORK[5])  # came out before, and alone is not there
    assert _indices(queue.take()) == [5]
    assert _indices(queue.take()) == [8, 9]
    assert queue.take() == []


def test_no_more_come_out_together_than_the_server_answers() -> None:
    queue = WorkQueue(ahead=0)
    queue.plan(work._replace(group=b"all") for work in WORK[:5])
    queue.most = 2
    queue.want(WORK[4])
    assert [_indices(queue.take()) for _ in range(4)] == [[0, 4], [1, 2], [3], []]


def _indices(works: list[Work]) -> list[int]:
    return [work.request.sample for work in works]


@given(st.lists(st.integers(0, 19), max_size=30), st.integers(0, 5))
def test_nothing_is_lost_and_nothing_comes_twice(wants: list[int], ahead: int) -> None:
    queue = WorkQueue(ahead)
    queue.plan(WORK[:15])
    for want in wants:
        queue.want(WORK[want])
    out = taken(queue)
    assert sorted(out) == sorted({*range(15), *wants})
    first = list(dict.fromkeys(wants))
    assert out[: len(first)] == first
