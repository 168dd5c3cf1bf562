from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.generation.verdicts import VERDICT_FILE, VerdictStore, verdict_key
from pytest_aibench.records import Verdict, VerdictKind

KEY = verdict_key("sha256:image", "python", "def f(): pass", "check(f)", "limits")
VERDICT = Verdict(VerdictKind.WRONG_ANSWER, "AssertionError: \ud800", 0.1, 0.2, "", "out\x00", "é")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / VERDICT_FILE


def test_a_verdict_survives_a_restart_and_is_seen_by_others(path: Path) -> None:
    one, two = VerdictStore(path), VerdictStore(path)
    assert one.get(KEY) is None
    one.put(KEY, VERDICT)
    assert two.get(KEY) == VERDICT
    one.close()
    two.close()
    again = VerdictStore(path)
    assert again.get(KEY) == VERDICT
    again.close()


def test_a_proven_time_out_is_stored(path: Path) -> None:
    store, endless = VerdictStore(path), replace(VERDICT, kind=VerdictKind.TIMEOUT, proof="loop")
    store.put(KEY, endless)
    assert store.get(KEY) == endless
    store.close()


@pytest.mark.parametrize(
    "verdict",
    [replace(VERDICT, kind=VerdictKind.TIMEOUT, proof=""), replace(VERDICT, stdout="x" * 100_000)],
    ids=["time-out", "much output"],
)
def test_what_is_not_stored(path: Path, verdict: Verdict) -> None:
    store = VerdictStore(path)
    store.put(KEY, verdict)
    assert store.get(KEY) is None
    store.close()


def test_a_damaged_verdict_is_none_and_can_be_made_again(path: Path) -> None:
    store = VerdictStore(path)
    store.put(KEY, VERDICT)
    store._db.execute("UPDATE verdicts SET verdict = x'00'")
    assert store.get(KEY) is None
    store.put(KEY, VERDICT)
    assert store.get(KEY) == VERDICT
    store.close()


def test_prune(path: Path) -> None:
    store = VerdictStore(path)
    store.put(KEY, VERDICT)
    assert store.prune(older_than_days=1.0) == 0
    assert store.prune() == 1
    assert store.get(KEY) is None
    store.close()


@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_other_parts_are_another_key(one: list[str], two: list[str]) -> None:
    assert (verdict_key("i", *one) == verdict_key("i", *two)) == (one == two)
    assert verdict_key("i", *one) != verdict_key("j", *one)
