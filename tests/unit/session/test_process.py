"""What a process of a run does to its interpreter, and takes back."""

from __future__ import annotations

import gc

from _pytest.config import get_config

from pytest_aibench.session.process import unfreeze_at_the_end


def test_what_was_frozen_is_not_when_the_session_is_over() -> None:
    config = get_config()
    seen: list[int] = []
    unfreeze_at_the_end(config)
    config.add_cleanup(lambda: seen.append(gc.get_freeze_count()))  # as pytest's own do
    gc.freeze()
    config._ensure_unconfigure()
    assert seen[0] > 0
    assert gc.get_freeze_count() == 0
