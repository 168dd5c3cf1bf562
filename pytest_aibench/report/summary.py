"""The one summary of a run, from which every report is made."""

from __future__ import annotations

from pytest_aibench.scoring.summary import (
    SCHEMA_VERSION,
    BenchmarkSummary,
    RunInfo,
    Summary,
    build_summary,
)

__all__ = ["SCHEMA_VERSION", "BenchmarkSummary", "RunInfo", "Summary", "build_summary"]
