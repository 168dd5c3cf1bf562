from __future__ import annotations

import pytest

from pytest_aibench.generation.accounts import Accounts, Budget
from pytest_aibench.models.base import Reply, ReplyForm
from pytest_aibench.models.errors import BudgetError

REPLY = Reply("x", ReplyForm.CHAT, tokens_in=10, tokens_out=30, seconds=2.0)


def test_replies_add_up_by_benchmark() -> None:
    accounts = Accounts()
    for name in ("a", "a", "b"):
        accounts.usage[name].add([REPLY])
    used = accounts.usage["a"]
    assert (used.requests, used.tokens_in, used.tokens_out, used.seconds) == (2, 20, 60, 4.0)
    assert used.tokens_per_second == 15.0
    assert accounts.tokens == 120
    accounts.check()


def test_the_replies_of_one_request_count_it_once() -> None:
    accounts = Accounts()
    accounts.usage["a"].add([REPLY, REPLY, REPLY])
    used = accounts.usage["a"]
    assert (used.requests, used.tokens_in, used.tokens_out, used.seconds) == (1, 30, 90, 6.0)


def test_the_token_budget_is_in_and_out_together() -> None:
    accounts = Accounts(Budget(tokens=80))
    accounts.usage["a"].add([REPLY])
    accounts.check()
    accounts.usage["a"].add([REPLY])
    with pytest.raises(BudgetError, match=r"--max-tokens-total 80 is used up \(80 tokens\)"):
        accounts.check()


def test_the_time_budget_counts_from_the_start() -> None:
    accounts = Accounts(Budget(seconds=60.0))
    accounts.check()
    accounts.started -= 61.0
    with pytest.raises(BudgetError, match="--max-time 60 s is used up"):
        accounts.check()


def test_nothing_used_has_a_rate_too() -> None:
    assert Accounts().usage["a"].tokens_per_second == 0.0
