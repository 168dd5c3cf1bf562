from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.program import Limits, Program
from pytest_aibench.session.calibration import HEADROOM, SLOWEST, Calibration, patient

NAME = ("mbpp", "MBPP/123")
LIMITS = Limits(cpu_seconds=3.0)


def calibrated(seconds: float, kind: VerdictKind = VerdictKind.PASSED) -> Calibration:
    programs = {NAME: Program("python", "", "", LIMITS)}
    return Calibration.of(programs, {NAME: Verdict(kind, cpu_seconds=seconds)})


@pytest.mark.parametrize(
    ("needed", "raised"),
    [(0.0, None), (1.5, None), (1.51, 4.5), (2.2, 4.5), (2.3, 6.0), (3.0, 6.0), (9.0, 18.0)],
)
def test_limit_that_the_reference_needs_half_of_is_raised(
    needed: float, raised: float | None
) -> None:
    assert calibrated(needed).cpu_seconds.get(NAME) == raised


@given(st.floats(0.0, 100.0))
def test_no_limit_is_lowered_and_each_leaves_headroom(needed: float) -> None:
    limits = calibrated(needed).limits(NAME, LIMITS)
    assert limits.cpu_seconds >= max(LIMITS.cpu_seconds, HEADROOM * needed)
    assert limits.cpu_seconds <= max(LIMITS.cpu_seconds, HEADROOM * needed + 1.5)
    assert limits.wall_seconds / limits.cpu_seconds == pytest.approx(10.0)


@given(st.floats(0.0, 1.49), st.floats(-0.01, 0.01))
def test_small_differences_of_a_fast_solution_change_nothing(needed: float, more: float) -> None:
    assert calibrated(max(0.0, needed + more)) == Calibration()


@pytest.mark.parametrize("kind", [k for k in VerdictKind if k is not VerdictKind.PASSED])
def test_what_fails_says_nothing_about_time(kind: VerdictKind) -> None:
    assert calibrated(9.0, kind) == Calibration()


def test_other_problems_keep_their_limits() -> None:
    assert calibrated(2.9).limits(("mbpp", "MBPP/1"), LIMITS) == LIMITS
    assert calibrated(2.9).limits(("other", "MBPP/123"), LIMITS) == LIMITS


def test_processes_share_it_as_a_file(tmp_path: Path) -> None:
    assert Calibration.read(tmp_path / "limits.json") == Calibration()
    calibrated(2.9).write(tmp_path / "limits.json")
    assert Calibration.read(tmp_path / "limits.json") == calibrated(2.9)


def test_sentences_name_the_first_problems_of_each_benchmark() -> None:
    raised = {("a", f"A/{i}"): 4.5 for i in range(7)} | {("b", "B/0"): 6.0}
    first, second = Calibration(raised).sentences()
    assert first.endswith(", ".join(f"A/{i} to 4.5 s" for i in range(5)) + ", and 2 more")
    assert second.startswith("b: CPU limits are raised")
    assert second.endswith(": B/0 to 6 s")


def test_only_what_timed_out_runs_again_with_more_time() -> None:
    programs = {("b", kind.value): Program("python", kind, "", LIMITS) for kind in VerdictKind}
    verdicts = {name: Verdict(VerdictKind(name[1])) for name in programs}
    ((name, program),) = patient(programs, verdicts).items()
    assert name == ("b", "timeout")
    assert program.solution == "timeout"
    assert program.limits.cpu_seconds == SLOWEST * LIMITS.cpu_seconds
    assert program.limits.wall_seconds == SLOWEST * LIMITS.wall_seconds
