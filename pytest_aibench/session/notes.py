"""A sample in full, as the journal keeps it."""

from __future__ import annotations

from typing import Any

from pytest_aibench.generation.extract import EXTRACTION_VERSION
from pytest_aibench.items.item import SampleItem

__all__ = ["journal_entry"]


def journal_entry(item: SampleItem) -> dict[str, Any]:
    """The record of `item` with everything that is too large for a report."""
    assert item.record is not None
    entry: dict[str, Any] = item.record.to_dict()
    sample = item.sample
    if sample is None or not sample.replied:
        return entry
    reply = sample.reply
    entry["prompt"] = sample.prompt
    entry["reply"] = {"form": str(reply.form), "text": reply.text, "finish": reply.finish_reason}
    if reply.reasoning:
        entry["reply"]["reasoning"] = reply.reasoning
    extraction = sample.extraction
    entry["extraction"] = {
        "version": EXTRACTION_VERSION,
        "method": extraction.method,
        "block": extraction.block,
        "warnings": list(extraction.warnings),
    }
    entry["solution"] = extraction.code
    if sample.verdict is not None:
        entry["stdout"] = sample.verdict.stdout
        entry["stderr"] = sample.verdict.stderr
    return entry
