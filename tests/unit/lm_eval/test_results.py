from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from pytest_aibench.lm_eval.results import plain, split_samples, task_hashes


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(0.5), 0.5),
        (np.int64(3), 3),
        (np.array([1.5, 2.5]), [1.5, 2.5]),
        (np.bool_(True), True),
        ((1, {"a": {2}}), [1, {"a": [2]}]),
        (float("nan"), "nan"),
        (np.float64("inf"), "inf"),
        (len, "len"),
        (None, None),
        ("\ud800", "\\ud800"),
    ],
)
def test_values_become_json(value: Any, expected: Any) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)
    json.dumps(found, allow_nan=False)


def test_hashes_are_those_of_lm_evals_own_results() -> None:
    pytest.importorskip("lm_eval")
    from lm_eval.utils import hash_string

    samples = {"t": [{"doc_hash": "a", "prompt_hash": "b", "target_hash": "c"}] * 2}
    assert task_hashes(samples) == {"t": hash_string("abcabc")}


def test_samples_are_lines_with_their_task() -> None:
    lines = list(split_samples({"t": [{"doc_id": 0, "acc": np.float64(1)}], "u": []}))
    assert [json.loads(line) for line in lines] == [{"task": "t", "doc_id": 0, "acc": 1.0}]
