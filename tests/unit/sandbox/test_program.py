from __future__ import annotations

from dataclasses import replace

from pytest_aibench.sandbox.program import Limits


def test_wall_time_suffices_for_the_cpu_time() -> None:
    assert Limits.allowing(3.0) == Limits()
    assert Limits.allowing(65.0).cpu_seconds == 65.0
    assert Limits.allowing(65.0).wall_seconds > 65.0
    assert Limits.allowing(65.0).memory == Limits().memory


def test_a_benchmark_may_need_more_memory() -> None:
    assert Limits.allowing(3.0, 4 << 30) == replace(Limits(), memory=4 << 30)
