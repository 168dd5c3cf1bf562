from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from pytest_aibench.models.base import Reply, Request, Sampling
from pytest_aibench.models.echo import EchoScorer
from pytest_aibench.models.errors import MalformedReplyError, NoReplyError
from pytest_aibench.models.http import JsonClient
from pytest_aibench.models.scoring import score_of
from pytest_aibench.problems.problem import Problem
from tests.servers.scoring import ScoringStandIn, logprob, top_token

PROBLEM = Problem("d/0", "", "", "")


def use(server: ScoringStandIn, work: Callable[[EchoScorer], Any], bos: str = "") -> Any:
    async def once() -> Any:
        client = JsonClient(f"{server.url}/v1", "the server")
        try:
            return await work(EchoScorer(client, "m", bos))
        finally:
            await client.close()

    return asyncio.run(once())


def request(context: str, continuation: str, rolling: bool = False) -> Request:
    return Request(
        "t", PROBLEM, 0, context, False, Sampling(), continuation=continuation, rolling=rolling
    )


def score(server: ScoringStandIn, *args: Any, bos: str = "") -> tuple[float, bool]:
    reply: Reply = use(server, lambda scorer: scorer.score(request(*args)), bos)
    return score_of(reply)


def test_a_continuation_is_the_sum_of_its_tokens_alone() -> None:
    with ScoringStandIn() as server:
        found, greedy = score(server, "Is it blue?", " yes no")
    first = logprob("Is it blue?", " yes")
    assert found == first + logprob("Is it blue? yes", " no")
    assert not greedy


def test_spaces_before_a_continuation_belong_to_it() -> None:
    with ScoringStandIn() as server:
        assert score(server, "Is it? ", "yes") == score(server, "Is it?", " yes")


def test_what_the_model_would_write_is_greedy() -> None:
    with ScoringStandIn() as server:
        first = top_token("Is it?")
        second = top_token("Is it?" + first)
        assert score(server, "Is it?", first + second)[1] is True


def test_a_document_is_scored_after_the_beginning_of_text() -> None:
    with ScoringStandIn() as server:
        found, _ = score(server, "", "the sky", True, bos="<s>")
        assert found == logprob("<s>", "the") + logprob("<s>the", " sky")
        with pytest.raises(NoReplyError, match="no log-probability at 0"):
            score(server, "", "the sky", True)


@pytest.mark.parametrize(
    ("fault", "from_start", "said"),
    [
        ("", False, ""),
        ("", True, "bos=<s>"),
        ("shifted", False, "it echoes '"),
        ("generated only", False, "did not repeat the text"),
        ("silent", False, "sent no log-probabilities"),
        ("refusing", False, "echo is not supported"),
    ],
)
def test_numbers_are_believed_where_the_server_agrees_with_itself(
    fault: str, from_start: bool, said: str
) -> None:
    with ScoringStandIn(fault=fault) as server:
        found = use(server, lambda scorer: scorer.fault(from_start=from_start))
    assert said in found
    assert bool(found) == bool(said)


def test_the_beginning_of_text_may_be_the_servers_own_token() -> None:
    server = _Scripted(["<s>", "ab", " c", " d"], [None, -1.0, -2.0, -3.0], [0, 3, 5, 7])
    with server:
        assert score(server, "ab", " c")[0] == -2.0
        assert score(server, "", "ab c", True)[0] == -3.0


def test_tokens_that_are_parts_of_a_character_are_placed_as_the_server_says() -> None:
    names = ["a", "\ufffd", "\ufffd", " c", " d"]
    with _Scripted(names, [None, -1.0, -2.0, -3.0, -9.0], [0, 1, 1, 2, 4]) as server:
        assert score(server, "aé", " c")[0] == -3.0


@pytest.mark.parametrize("part", ["\ufffd", ""])
def test_every_part_of_a_character_counts(part: str) -> None:
    names, offsets = ["a", part, part, " c", " d"], [0, 1, 1, 2, 4]
    with _Scripted(names, [None, -1.0, -2.0, -3.0, -9.0], offsets) as server:
        assert score(server, "a", "é") == (-3.0, False)


def test_a_beginning_of_text_without_a_name_is_no_part_of_the_text() -> None:
    with _Scripted(["", "é", "b", "c"], [None, -1.0, -2.0, -3.0], [0, 0, 1, 2]) as server:
        assert score(server, "", "éb", True)[0] == -3.0


@pytest.mark.parametrize(
    ("names", "values", "offsets"),
    [
        (["x"], [-1.0], [0]),
        (["ab", "\ufffd"], [None, -1.0], [0, "2"]),
        (["ab", " c", " d"], [None, -1.0], [0, 2, 4]),
        ([], [], []),
    ],
)
def test_what_is_no_echo_is_malformed(names: Any, values: Any, offsets: Any) -> None:
    with (
        _Scripted(names, values, offsets) as server,
        pytest.raises(MalformedReplyError, match="did not repeat"),
    ):
        score(server, "ab", " c")


class _Scripted(ScoringStandIn):
    """Echoes the same tokens, whatever is asked."""

    def __init__(self, names: list[str], values: list[Any], offsets: list[Any]) -> None:
        super().__init__()
        tops = [None if value is None else {"x": value} for value in values]
        self.logprobs = {
            "tokens": names,
            "token_logprobs": values,
            "top_logprobs": tops,
            "text_offset": offsets,
        }

    def _complete(self, body: dict[str, Any]) -> tuple[int, Any]:
        return 200, {"choices": [{"text": "x", "logprobs": self.logprobs}]}
