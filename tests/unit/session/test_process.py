"""What a process of a run does to its interpreter, and takes back."""

from __future__ import annotations

import gc

from _pytest.config import get_config

from pytest_aibench.session.process import spare_collector


def test_the_collector_is_spared_until_the_session_is_over() -> None:
    config = get_config()
    spare_collector(config)
    assert gc.get_freeze_count() > 0
    config._ensure_unconfigure()
    assert gc.get_freeze_count() == 0
