from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.errors import UsageError
from pytest_aibench.models.base import Request, Sampling
from pytest_aibench.models.errors import ContextOverflowError
from pytest_aibench.models.openai import open_model
from pytest_aibench.models.scoring import score_of
from pytest_aibench.models.spec import parse_spec
from pytest_aibench.models.windows import windows
from pytest_aibench.problems.problem import Problem
from tests.servers.scoring import ScoringStandIn, logprob

utils = pytest.importorskip(
    "lm_eval.utils", reason="lm-eval is not installed: pip install pytest-aibench[dev]"
)

SHORT = "the sky is blue"
LONG = " ".join(f"the sky {i} is no blue sea." for i in range(9))


def use(server: ScoringStandIn, options: str, work: Any) -> Any:
    async def once() -> Any:
        model = open_model(parse_spec(f"openai/m{options}", base_url=f"{server.url}/v1"))
        try:
            return await work(model)
        finally:
            await model.close()

    return asyncio.run(once())


def score(server: ScoringStandIn, text: str, options: str = ",bos=<s>") -> float:
    problem = Problem("d", "", "", "")
    request = Request(
        "t", problem, 0, "", False, Sampling(), continuation=text, rolling=True
    )  # fmt: skip
    return score_of(use(server, options, lambda model: model.score(request)))[0]


def expected(server: ScoringStandIn, text: str, max_length: int) -> float:
    """What lm-eval's own windows give, as its models behind an API ask for them."""
    (prefix,) = server.ids("<s>")
    cut = utils.get_rolling_token_windows(server.ids(text), prefix, max_length - 2, 1)
    sums = []
    for context, tokens in map(utils.make_disjoint_window, cut):
        seen, values = "".join(server.vocabulary[i] for i in context), []
        for name in (server.vocabulary[i] for i in tokens):
            values.append(logprob(seen, name))
            seen += name
        sums.append(sum(values))
    return sum(sums)


@given(st.lists(st.integers(1, 9), max_size=40), st.integers(1, 12))
def test_documents_are_cut_as_lm_eval_cuts_them(tokens: list[int], most: int) -> None:
    theirs = utils.get_rolling_token_windows(tokens, 0, most, 1)
    assert list(windows(tokens, [0], most)) == list(map(utils.make_disjoint_window, theirs))


def test_what_the_server_refuses_is_scored_in_windows_of_its_context() -> None:
    with ScoringStandIn(context=20, tokenizes=True) as server:
        assert score(server, LONG) == expected(server, LONG, 20)
        assert score(server, SHORT) == expected(server, SHORT, 20)
        assert {len(body["prompt"]) for body in server.posts("/v1/completions")} >= {19}


def test_a_given_length_cuts_every_document() -> None:
    with ScoringStandIn(tokenizes=True, begins=True) as server:
        assert score(server, LONG, ",max_length=12") == expected(server, LONG, 12)
        assert score(server, LONG, ",max_length=13") != expected(server, LONG, 12)


@pytest.mark.parametrize(
    ("server", "options", "said"),
    [
        (ScoringStandIn(context=9), ",bos=<s>", r"maximum context.*has no /tokenize as vLLM"),
        (ScoringStandIn(context=9, tokenizes=True), "", r"cannot be cut: say with.*bos=<s>"),
        (
            ScoringStandIn(context=12, tokenizes=True, fault="other ids"), ",bos=<s>",
            "token ids otherwise than their text",
        ),
    ],
    ids=["no tokenizer", "no beginning", "other ids"],
)  # fmt: skip
def test_what_cannot_be_cut_is_an_error_with_the_reason(
    server: ScoringStandIn, options: str, said: str
) -> None:
    with server, pytest.raises(ContextOverflowError, match=said):
        score(server, LONG, options)


def test_a_length_that_the_server_cannot_cut_at_is_known_before_anything_runs() -> None:
    async def fault(model: Any) -> str:
        return str(await model.scoring_fault(from_start=True))

    with ScoringStandIn() as server:
        said = use(server, ",bos=<s>,max_length=12", fault)
        assert "cut at max_length=12, but the server has no /tokenize" in said
        assert use(server, ",bos=<s>", fault) == ""


@pytest.mark.parametrize("text", ["3", "-5", "many", "1e3"])
def test_a_length_is_a_number_of_tokens(text: str) -> None:
    spec = parse_spec(f"openai/m,max_length={text}", base_url="http://localhost:1/v1")
    with pytest.raises(UsageError, match="max_length must be a number of tokens from 4 up"):
        open_model(spec)
