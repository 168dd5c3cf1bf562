"""A sample in full, as the journal keeps it."""

from __future__ import annotations

from typing import Any

from pytest_aibench.items.item import SampleItem

__all__ = ["journal_entry"]


def journal_entry(item: SampleItem) -> dict[str, Any]:
    """The record of `item` with everything that is too large for a report."""
    assert item.record is not None
    entry: dict[str, Any] = item.record.to_dict()
    sample = item.sample
    if sample is None or not sample.replied:
        return entry
    entry["reply"] = {"form": str(sample.reply.form), "text": sample.reply.text}
    if sample.reply.reasoning:
        entry["reply"]["reasoning"] = sample.reply.reasoning
    extraction = sample.extraction
    entry["extraction"] = {"method": extraction.method, "warnings": list(extraction.warnings)}
    entry["solution"] = extraction.code
    if sample.verdict is not None:
        entry["stdout"] = sample.verdict.stdout
        entry["stderr"] = sample.verdict.stderr
    return entry
