from __future__ import annotations

import argparse

import pytest

from pytest_aibench.lm_eval.options import count, document_limit, names


@pytest.mark.parametrize(("text", "value"), [("1", 1), ("200", 200), ("0.25", 0.25), ("3.0", 3)])
def test_a_limit_is_a_number_or_a_share(text: str, value: float) -> None:
    assert document_limit(text) == value
    assert type(document_limit(text)) is type(value)


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "all", "nan", "inf", ""])
def test_what_is_no_limit(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="a share between 0 and 1"):
        document_limit(text)


@pytest.mark.parametrize("text", ["-1", "1.0", "x", ""])
def test_what_is_no_count(text: str) -> None:
    assert count("0") == 0
    with pytest.raises(argparse.ArgumentTypeError, match="from 0 up"):
        count(text)


def test_names_are_separated_by_commas() -> None:
    assert names(" gsm8k, arc_easy,,") == ("gsm8k", "arc_easy")
    assert names("") == ()
