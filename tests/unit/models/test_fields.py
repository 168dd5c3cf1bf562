from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.models.fields import as_count, as_dict, as_list, as_text

ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([1])


@given(ANYTHING | st.just({"a": 1}))
def test_anything_becomes_the_type_that_was_asked_for(value: Any) -> None:
    assert as_dict(value) == (value if isinstance(value, dict) else {})
    assert as_list(value) == (value if isinstance(value, list) else [])
    assert as_text(value) == (value if isinstance(value, str) else "")
    assert as_count(value) >= 0


def test_counts() -> None:
    values = [7, 7.9, -1, float("nan"), float("inf"), "7", None]
    assert [as_count(value) for value in values] == [7, 7, 0, 0, 0, 0, 0]
