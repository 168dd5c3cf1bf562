"""The process that sees every report: it counts samples, misses the lost ones, and sums up."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_aibench.errors import ModelError
from pytest_aibench.models.errors import BudgetError
from pytest_aibench.records import SampleRecord
from pytest_aibench.report.summary import RunInfo, Summary, build_summary
from pytest_aibench.scoring.tally import Tally
from pytest_aibench.session.output import write_reports
from pytest_aibench.session.plan import Plan, SampleKey
from pytest_aibench.session.prepare import Prepared

if TYPE_CHECKING:
    from pytest_aibench.options import Settings
    from pytest_aibench.session.run import Run

__all__ = ["EXIT_BUDGET", "EXIT_INVALID", "Controller"]

EXIT_INVALID = 11
"""Exit code of a run that does not account for every collected sample, or left no report."""


EXIT_BUDGET = 12
"""Exit code of a run that its own limit of tokens or time ended."""


class Controller:
    """Accounts for every sample of a run: collected, reported once, counted once."""

    def __init__(self, settings: Settings, run: Run) -> None:
        self.settings = settings
        self.run = run
        self.tally = Tally()
        self.outstanding: dict[str, SampleKey] = {}
        self.prepared = Prepared()
        self.crashes: Counter[str] = Counter()
        self.skipped = 0
        self.lost: list[str] = []
        self.invalid: list[str] = []
        self.halted: ModelError | None = None
        self.notes: list[str] = []
        self.summary: Summary | None = None
        self.written: dict[str, Path] = {}
        self._plan = Plan(())
        self._started = time.time()

    @property
    def active(self) -> bool:
        """Whether the run has any sample at all."""
        return bool(self.tally.benchmarks)

    def expect(self, plan: Plan, nodeids: Sequence[str]) -> None:
        """Learn which samples were collected and selected."""
        self._plan = plan
        self.outstanding = plan.samples(nodeids)
        selected: dict[str, dict[str, int]] = {f.benchmark: {} for f in plan.functions}
        for key in self.outstanding.values():
            counts = selected[key.benchmark]
            counts[key.problem] = counts.get(key.problem, 0) + 1
        for function in plan.functions:
            counts = selected[function.benchmark]
            planned = max(counts.values(), default=0)
            self.tally.declare(function.benchmark, counts, function.dataset_digest, planned=planned)
            self._note_partial(function.benchmark, function.collected, sum(counts.values()))

    def _note_partial(self, benchmark: str, collected: int, selected: int) -> None:
        if selected < collected:
            self.notes.append(f"{benchmark}: {collected - selected} samples were deselected")
        if self.settings.limit is not None:
            self.notes.append(f"{benchmark}: limited to the first {self.settings.limit} problems")

    def count(self, report: pytest.TestReport) -> SampleRecord | None:
        """Count a report; the record if it is a sample's and was not counted before."""
        text = getattr(report, "aibench", None)
        if text is None:
            return self._count_other(report)
        self.outstanding.pop(report.nodeid, None)
        record = SampleRecord.from_json(text)
        return record if self.tally.add(record) else None

    def _count_other(self, report: pytest.TestReport) -> SampleRecord | None:
        key = self.outstanding.get(report.nodeid)
        if key is None or report.outcome == "rerun":  # type: ignore[comparison-overlap]
            return None
        if report.skipped:
            self.skipped += 1
            del self.outstanding[report.nodeid]
            self.notes.append(f"{key.benchmark}: {key.problem} sample {key.sample} was skipped")
        elif report.failed:
            return self._count_unmeasured(report, key)
        return None

    def _count_unmeasured(self, report: pytest.TestReport, key: SampleKey) -> SampleRecord:
        del self.outstanding[report.nodeid]
        record = SampleRecord(
            key.benchmark, key.problem, key.sample, kind=None, error=_first_line(report)
        )
        self.tally.add(record)
        return record

    def finish(self, session: pytest.Session, exitstatus: int) -> None:
        """Close the books: what is still outstanding was lost, and the summary is made."""
        self.lost = list(self.outstanding)
        stopped = bool(session.shouldstop or session.shouldfail) or exitstatus == 2
        if self.lost:
            what = "not run, the session was stopped" if stopped else "lost"
            self.notes.append(f"{len(self.lost)} samples were {what}")
            if not stopped:
                self.invalid.append(
                    f"{len(self.lost)} of the collected samples were never reported"
                )
        self.summary = build_summary(self.tally, self._run_info(), self.settings.pass_at)
        try:
            self.written = write_reports(
                self.summary, self.tally, self.run, self.settings.report_file
            )
        except OSError as error:
            self.invalid.append(f"the report could not be written: {error}")

    def exit_status(self, status: int) -> int:
        """The exit code: pytest's own, or one of ours for what pytest has no word for."""
        if isinstance(self.halted, BudgetError) and status in (0, 1, 2):
            return EXIT_BUDGET
        return EXIT_INVALID if self.invalid and status in (0, 1) else status

    def _run_info(self) -> RunInfo:
        prepared = self.prepared
        return RunInfo(
            id=self.run.id,
            model=prepared.identity.get("spec", self.settings.model or ""),
            identity=prepared.identity,
            settings=self.settings.describe(),
            versions=prepared.versions,
            incomplete=tuple(dict.fromkeys([*self.notes, *self.invalid])),
            started_at=datetime.fromtimestamp(self._started, UTC).isoformat(timespec="seconds"),
            seconds=round(time.time() - self._started, 3),
            image_digest=prepared.image_digest,
            git_revision=prepared.git_revision,
            machine=prepared.machine,
        )


def _first_line(report: pytest.TestReport) -> str:
    lines = [line for line in report.longreprtext.splitlines() if line.strip()]
    return (lines[-1] if lines else "the sample ended without a report").strip()[:300]
