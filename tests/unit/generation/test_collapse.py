from __future__ import annotations

from pytest_aibench.generation.collapse import Collapse, find_collapse, reply_hash
from pytest_aibench.models.base import Reply, ReplyForm
from tests.data import data_rows

SAME = {f"p/{i}": ["x"] * 5 for i in range(10)}
VARIED = {f"q/{i}": ["x", "y", "x"] for i in range(10)}


def test_the_same_reply_everywhere_is_an_alarm() -> None:
    found = find_collapse(SAME, 0.8)
    assert found == Collapse(10, 10)
    assert "10 of 10 problems got the same reply" in str(found)
    assert find_collapse(SAME, None) is not None


def test_greedy_sampling_repeats_by_nature() -> None:
    assert find_collapse(SAME, 0.0) is None


def test_what_is_no_alarm() -> None:
    assert find_collapse({}, 0.8) is None
    assert find_collapse(VARIED, 0.8) is None
    assert find_collapse(SAME | VARIED, 0.8) is None
    assert find_collapse({name: hashes[:1] for name, hashes in SAME.items()}, 0.8) is None
    assert find_collapse(dict(list(SAME.items())[:4]), 0.8) is None


def test_hashes_differ_where_replies_do() -> None:
    replies = [
        Reply("ab", ReplyForm.CHAT),
        Reply("b", ReplyForm.CHAT, reasoning="a"),
        Reply("\ud800", ReplyForm.CHAT),
    ]
    assert len({reply_hash(reply) for reply in replies}) == 3
    assert reply_hash(replies[0]) == reply_hash(Reply("ab", ReplyForm.CHAT, seconds=3.0))


def test_real_replies_at_low_temperature_raise_none() -> None:
    replies: dict[str, list[str]] = {}
    for row in data_rows("generations/humaneval_chat_gpt-3.5-turbo_10.jsonl.gz"):
        replies.setdefault(row["task_id"], []).append(row["reply"])
    assert find_collapse(replies, 0.2) is None
    assert find_collapse({task: texts[:2] for task, texts in replies.items()}, 0.2) is None
