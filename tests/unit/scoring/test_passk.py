from __future__ import annotations

import json
import os
from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.scoring.passk import mean_pass_at_k, pass_at_k

DATA = os.environ.get("AIBENCH_DATA")


@pytest.fixture(scope="module")
def table() -> list[dict[str, Any]]:
    path = Path(DATA or "", "estimator", "pass_at_k_table.jsonl")
    if not DATA or not path.exists():
        pytest.skip("AIBENCH_DATA does not name a folder with estimator/pass_at_k_table.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


@st.composite
def triples(draw: st.DrawFn) -> tuple[int, int, int]:
    n = draw(st.integers(1, 300))
    return n, draw(st.integers(0, n)), draw(st.integers(1, n))


def test_same_bits_as_the_reference_harnesses(table: list[dict[str, Any]]) -> None:
    defined = [row for row in table if row["defined"]]
    assert len(defined) > 200
    for row in defined:
        value = pass_at_k(row["n"], row["c"], row["k"])
        assert value.hex() == row["numpy_formula_hex"]
        assert value == pytest.approx(row["exact"], abs=1e-12)


def test_refuses_what_the_table_calls_undefined(table: list[dict[str, Any]]) -> None:
    for row in table:
        if not row["defined"]:
            with pytest.raises(ValueError, match=f"pass@{row['k']} of {row['n']} samples"):
                pass_at_k(row["n"], row["c"], row["k"])


@given(triples())
def test_equals_the_rational_definition(triple: tuple[int, int, int]) -> None:
    n, c, k = triple
    exact = 1 - Fraction(comb(n - c, k), comb(n, k))
    assert pass_at_k(n, c, k) == pytest.approx(float(exact), abs=1e-12)


@given(triples())
def test_stays_a_probability_and_grows_with_c(triple: tuple[int, int, int]) -> None:
    n, c, k = triple
    assert 0.0 <= pass_at_k(n, c, k) <= 1.0
    if c < n:
        assert pass_at_k(n, c, k) <= pass_at_k(n, c + 1, k)


@pytest.mark.parametrize(
    ("n", "c", "k"), [(5, 6, 1), (5, -1, 1), (5, 2, 6), (5, 2, 0), (0, 0, 1), (1, 1, -1)]
)
def test_refuses_impossible_counts(n: int, c: int, k: int) -> None:
    with pytest.raises(ValueError, match="must lie between"):
        pass_at_k(n, c, k)


def test_mean_adds_like_numpy() -> None:
    counts = [(20, c % 21) for c in range(164)]
    values = [pass_at_k(20, c % 21, 10) for c in range(164)]
    assert mean_pass_at_k(counts, 10) == float(np.mean(values))


def test_mean_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no problem"):
        mean_pass_at_k([], 1)


def test_mean_refuses_a_problem_with_too_few_samples() -> None:
    with pytest.raises(ValueError, match="pass@5 of 4 samples"):
        mean_pass_at_k([(5, 1), (4, 1)], 5)
