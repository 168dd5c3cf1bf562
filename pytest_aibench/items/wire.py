"""The form in which the report of a sample or a document travels from a worker to the controller.

Pytest's own form repeats everything a `TestReport` can hold, and execnet takes it apart value by
value in Python. This one carries what a sample has, in one string, and cuts the controller's work
for an item to about a quarter.
"""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from typing import Any, Literal

import pytest

from pytest_aibench.items.protocol import _SINGLE, is_single

__all__ = ["pack", "unpack"]

_TYPE = "aibench"
_FROM_XDIST = ("worker_id", "testrun_uid", "item_index")


def pack(report: object) -> dict[str, Any] | None:
    """The short form; None where only pytest's own form can carry the report."""
    if not isinstance(report, pytest.TestReport) or not is_single(report):
        return None
    if report.sections or not isinstance(report.longrepr, str | None):
        return None
    record = getattr(report, "aibench", None)
    # pytest-json-report hangs its own data on the report.
    if hasattr(report, "_json_report_extra") or (report.user_properties and record is None):
        return None
    facts = {
        "nodeid": report.nodeid,
        "location": report.location,
        "keywords": list(report.keywords),
        "outcome": report.outcome,
        "longrepr": report.longrepr,
        "when": report.when,
        "expected": hasattr(report, "wasxfail"),
        "duration": report.duration,
        "start": report.start,
        "stop": report.stop,
        **({"aibench": record} if record is not None else {}),
    }
    return {"$report_type": _TYPE, "sample": json.dumps(facts)}


def unpack(data: dict[str, Any]) -> pytest.TestReport | None:
    """The inverse of `pack`; None for reports in another form."""
    if data.get("$report_type") != _TYPE:
        return None
    extra: dict[str, Any] = {k: _shared(data[k]) for k in _FROM_XDIST if k in data}
    extra[_SINGLE] = True
    facts = json.loads(data["sample"])
    if facts.pop("expected"):
        extra["wasxfail"] = facts["longrepr"]
    path, line, name = facts.pop("location")
    return pytest.TestReport(
        location=(_shared(path), line, name),
        keywords=_keywords(tuple(facts.pop("keywords"))),
        outcome=_shared(facts.pop("outcome")),
        when=_shared(facts.pop("when")),
        user_properties=[("aibench", facts["aibench"])] if "aibench" in facts else [],
        **facts,
        **extra,
    )


@lru_cache
def _keywords(names: tuple[str, ...]) -> dict[str, Literal[1]]:
    return dict.fromkeys(names, 1)


def _shared(value: Any) -> Any:
    # Every report arrives with strings of its own; the same few would fill the controller.
    return sys.intern(value) if isinstance(value, str) else value
