from __future__ import annotations

import pytest

from pytest_aibench.report.text import duration, interval, percent, plural, wrap
from pytest_aibench.scoring.interval import Estimate


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0.0 %"), (1e-6, "<0.1 %"), (0.22012, "22.0 %"), (0.99999, ">99.9 %"), (1.0, "100.0 %")],
)
def test_percent_calls_nothing_certain_that_is_not(value: float, shown: str) -> None:
    assert percent(value) == shown


def test_interval() -> None:
    assert interval(Estimate(0.22, 0.02, 0.181, 0.265)) == "22.0 % [18.1, 26.5]"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.6, "1 min 00 s"),
        (133, "2 min 13 s"),
        (3599.7, "1 h 00 min"),
        (11100, "3 h 05 min"),
    ],
)
def test_duration(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_plural() -> None:
    assert (plural(1, "problem"), plural(1640, "sample")) == ("1 problem", "1,640 samples")


def test_wrap_breaks_between_words_only() -> None:
    assert wrap(["aaa", "bbb", "cccccccccc"], 9) == ["aaa · bbb", "cccccccccc"]
