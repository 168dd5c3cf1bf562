"""Facts of a run for those who want them in their own form."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_aibench.generation.controller import GenerationService
    from pytest_aibench.scoring.gate import Decision

__all__ = ["tell_junit", "usage_of"]


def usage_of(service: GenerationService) -> dict[str, Any]:
    """What asking the model's server cost: requests, replies from the store, tokens, seconds."""
    now = service.progress()
    return {
        "retries": now.retries,
        "damaged_replies": service.store_damage,
        "benchmarks": {
            name: {**asdict(usage), "tokens_per_second": usage.tokens_per_second}
            for name, usage in service.usage.items()
        },
    }


def tell_junit(config: pytest.Config, decision: Decision) -> None:
    """The decision as a property of the test suite in `--junitxml`."""
    from _pytest.junitxml import xml_key

    xml = config.stash.get(xml_key, None)
    if xml is not None and decision.findings:
        xml.add_global_property("aibench-gate", str(decision.outcome))
