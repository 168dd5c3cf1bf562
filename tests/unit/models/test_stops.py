from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.models.stops import cut_at_stop


@pytest.mark.parametrize(
    ("text", "stops", "cut"),
    [
        ("a b c", ("c", "b"), "a "),
        ("a", ("b",), "a"),
        ("a", (), "a"),
        ("a", ("",), "a"),
        ("stop", ("stop",), ""),
    ],
)
def test_the_earliest_stop_counts(text: str, stops: tuple[str, ...], cut: str) -> None:
    assert cut_at_stop(text, stops) == cut


@given(st.text("ab", max_size=20), st.lists(st.text("ab", min_size=1, max_size=3), max_size=3))
def test_no_stop_is_left_and_nothing_else_is_lost(text: str, stops: list[str]) -> None:
    cut = cut_at_stop(text, stops)
    assert text.startswith(cut)
    assert not any(stop in cut for stop in stops)
    assert cut == text or any(text[len(cut) :].startswith(stop) for stop in stops)
