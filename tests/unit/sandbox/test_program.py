from __future__ import annotations

from pytest_aibench.sandbox.program import Limits


def test_wall_time_suffices_for_the_cpu_time() -> None:
    assert Limits.allowing(3.0) == Limits()
    assert Limits.allowing(65.0).cpu_seconds == 65.0
    assert Limits.allowing(65.0).wall_seconds > 65.0
    assert Limits.allowing(65.0).memory == Limits().memory
