from __future__ import annotations

import pytest

from pytest_aibench.interop.bigcode_results import BigCodeResults
from pytest_aibench.scoring.summary import RunInfo, build_summary
from pytest_aibench.scoring.tally import Tally


@pytest.mark.parametrize(
    ("profile", "benchmark", "task"),
    [
        ("aibench", "humaneval", "humaneval-unstripped"),
        ("human-eval", "humaneval", "humaneval-unstripped"),
        ("bigcode", "humaneval", "humaneval"),
        ("bigcode", "humaneval-unstripped", "humaneval-unstripped"),
        ("bigcode", "humanevalpack-fix-js", "humanevalfixtests-js"),
        ("bigcode", "multipl-e-cpp", "multiple-cpp"),
    ],
)
def test_a_task_is_named_by_what_was_asked(profile: str, benchmark: str, task: str) -> None:
    tally = Tally()
    tally.declare(benchmark, ["p"], planned=1)
    summary = build_summary(tally, RunInfo("r", "m", settings={"profile": profile}), (1,))
    assert list(BigCodeResults.of(summary).scores) == [task]
    assert BigCodeResults.of(summary).config["tasks"] == task
