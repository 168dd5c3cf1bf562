from __future__ import annotations

from pytest_aibench.report.lm_eval_tables import (
    CHANGE_HEADER,
    HEADER,
    change_rows,
    columns,
    score_rows,
)
from pytest_aibench.scoring.metrics import compare_metrics

RESULTS = {
    "results": {
        "t": {
            "alias": "t",
            "sample_len": 3,
            "acc,none": 0.25,
            "acc_stderr,none": 0.125,
            "exact_match,strict-match": 1.0,
            "exact_match_stderr,strict-match": "N/A",
        }
    },
    "groups": {"g": {"alias": "g", "acc,none": 0.5, "acc_stderr,none": 0.1}},
}


def test_there_is_a_row_a_metric_and_none_for_its_stderr() -> None:
    assert columns(HEADER, score_rows(RESULTS)) == [
        "task  filter        metric        value    stderr",
        "t                   acc          0.2500  ± 0.1250",
        "t     strict-match  exact_match  1.0000     ± N/A",
        "g                   acc          0.5000  ± 0.1000",
    ]


def test_large_numbers_are_short() -> None:
    scores = {"perplexity,none": 9.1042488e38, "perplexity_stderr,none": 12345678.0}
    assert score_rows({"results": {"t": scores}}) == [
        ("t", "", "perplexity", "9.104e+38", "± 1.235e+07")
    ]


def test_a_run_without_scores_has_no_rows() -> None:
    assert score_rows({"aibench": {"complete": False}}) == []


def test_a_change_that_was_not_tested_has_no_p() -> None:
    rows = change_rows(compare_metrics(RESULTS, RESULTS))
    assert columns(CHANGE_HEADER, rows)[:2] == [
        "task  filter        metric       before   after  difference  p     answer",
        "t                   acc          0.2500  0.2500      0.0000     undecided",
    ]
