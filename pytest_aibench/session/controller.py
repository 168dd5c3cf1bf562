"""The process that sees every report: it counts samples, misses the lost ones, and sums up."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_aibench.errors import ModelError
from pytest_aibench.models.errors import BudgetError
from pytest_aibench.records import BELIEVED, SampleRecord, Verdict
from pytest_aibench.scoring.gate import Decision
from pytest_aibench.scoring.summary import RunInfo, Summary, build_summary
from pytest_aibench.scoring.tally import Tally
from pytest_aibench.session.gating import Gate
from pytest_aibench.session.output import write_for_others, write_reports
from pytest_aibench.session.plan import Plan, SampleKey
from pytest_aibench.session.prepare import Prepared
from pytest_aibench.session.replies import Replies

if TYPE_CHECKING:
    from pytest_aibench.lm_eval.run import LmEvalRun
    from pytest_aibench.sandbox.program import Program
    from pytest_aibench.session.run import Run
    from pytest_aibench.settings import Settings

__all__ = ["Controller"]


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
        self.warnings: list[str] = []
        self.generation: dict[str, Any] = {}
        self.decision = Decision()
        self.lm_eval: LmEvalRun | None = None
        self.hosts = run.hosts(settings.sandbox_hosts)
        self._gate = Gate.of(settings)
        self._replies = Replies()
        self.summary: Summary | None = None
        self.written: dict[str, Path] = {}
        self._plan = Plan(())
        self._started = time.time()

    def expect(self, plan: Plan, nodeids: Sequence[str]) -> None:
        """Learn which samples were collected and selected."""
        self._plan = plan
        self.outstanding = plan.samples(nodeids)
        selected: dict[str, dict[str, int]] = {f.benchmark: {} for f in plan.functions}
        for key in self.outstanding.values():
            counts = selected[key.benchmark]
            counts[key.problem] = counts.get(key.problem, 0) + 1
        for function in plan.functions:
            self.tally.declare(
                function.benchmark,
                selected[function.benchmark],
                function.dataset_digest,
                collected=function.collected,
            )
        suite = self.settings.suite
        # A limit that the suite sets is part of what it is; any other makes the run a part.
        if self.settings.limit is not None and not (suite and "limit" in suite.options):
            self.notes.append(f"limited to the first {self.settings.limit} problems")

    def begin(self, prepared: Prepared, ask: Callable[[], None]) -> list[str]:
        """Learn what the run is made of; sentences about what its comparison will be able to see.

        `ask` has the model asked from now on. Without a baseline nothing refuses the run any more:
        the model then answers while the reference solutions run.

        Raises:
            UsageError: the run could not be compared with its baseline.
        """
        self.prepared = prepared
        at_once = self._gate.baseline is None
        if at_once:
            ask()
        self._check_solutions()
        planned = self._summarise()
        self._gate.check(planned)
        if not at_once:
            ask()
        return list(self._gate.outlook(planned, self.settings.n_samples))

    def _check_solutions(self) -> None:
        """Leave out the problems whose own reference solutions do not pass here, and fit the
        limits of the others to this machine."""
        if not self.settings.checks_solutions:
            return
        from pytest_aibench.session.calibration import Calibration
        from pytest_aibench.session.preflight import Solutions, check, reason, sentences

        programs = Solutions.read(self.run.solutions_file).among(self.outstanding.values())
        verdicts = check(programs, self.settings, self.run)
        failed = {name: verdict for name, verdict in verdicts.items() if not verdict.passed}
        for (benchmark, problem), verdict in failed.items():
            self.tally.quarantine(benchmark, problem, reason(verdict))
        self.warnings += sentences(failed)
        calibration = Calibration.of(programs, verdicts)
        if calibration.cpu_seconds:
            calibration.write(self.run.limits_file)
        for (benchmark, problem), seconds in calibration.cpu_seconds.items():
            self.tally.benchmarks[benchmark].cpu_limits[problem] = seconds
        self.warnings += calibration.sentences()

    def count(self, report: pytest.TestReport) -> SampleRecord | None:
        """Count a report; the record if it is a sample's and was not counted before."""
        text = getattr(report, "aibench", None)
        if text is None:
            return self._count_other(report)
        self.outstanding.pop(report.nodeid, None)
        record = SampleRecord.from_json(text)
        if not self.tally.add(record):
            return None
        self._replies.add(record)
        return record

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
        """Close the books: count what was lost, sum up, decide, and write the reports."""
        self._count_lost(session, exitstatus)
        self.warnings += self.hosts.warnings()
        self.warnings += self._replies.alarms(self.settings.sampling.temperature)
        self.warnings += self._believed()
        self.summary = self._summarise()
        self.decision = self._decide(self.summary)
        try:
            self.written = write_reports(self.report(), self.tally.order(), self.run, self.settings)
            if self.lm_eval is not None:
                self.written |= self.lm_eval.write_samples(self.written["summary"])
            write_for_others(self.summary, self.decision, self.settings)
        except OSError as error:
            self.invalid.append(f"the report could not be written: {error}")
            self.decision = self._decide(self.summary)

    def add_lm_eval(self, tasks: LmEvalRun, session: pytest.Session) -> None:
        """Have lm-eval score its tasks, for the summary."""
        tasks.finish(bool(session.shouldstop or session.shouldfail), self._execute)
        self.lm_eval = tasks
        self.notes += [*tasks.limits, *tasks.incomplete]
        self.invalid += tasks.invalid

    def _execute(self, programs: Sequence[Program]) -> list[Verdict]:
        from pytest_aibench.session.executing import execute_all

        return execute_all(programs, self.settings, self.run, "lm-eval")

    def _count_lost(self, session: pytest.Session, exitstatus: int) -> None:
        self.lost = list(self.outstanding)
        stopped = bool(session.shouldstop or session.shouldfail) or exitstatus == 2
        if self.lost:
            what = "not run, the session was stopped" if stopped else "lost"
            self.notes.append(f"{len(self.lost)} samples were {what}")
            if not stopped:
                self.invalid.append(
                    f"{len(self.lost)} of the collected samples were never reported"
                )

    def report(self) -> dict[str, Any]:
        """The summary, with the decision where there is one; empty before the run has ended."""
        gate = {"gate": self.decision.to_dict()} if self.decision.findings else {}
        return {**self.summary.to_dict(), **gate} if self.summary is not None else {}

    def _summarise(self) -> Summary:
        pass_at = self._gate.pass_at(self.settings.pass_at)
        whole = self.settings.profile.whole
        summary = build_summary(self.tally, self._run_info(), pass_at, whole=whole)
        return replace(summary, lm_eval=self.lm_eval.results) if self.lm_eval else summary

    def _believed(self) -> list[str]:
        """A sentence for each benchmark with suspicious passes that count all the same."""
        counts = {name: tally.proofs[BELIEVED] for name, tally in self.tally.benchmarks.items()}
        return [
            f"{name}: {count:,} counted passes are suspicious (they passed beside their tests, and "
            f"not apart from them); profile {self.settings.profile.name} believes every pass"
            for name, count in counts.items()
            if count
        ]

    def _decide(self, summary: Summary) -> Decision:
        budget = str(self.halted) if isinstance(self.halted, BudgetError) else ""
        return self._gate.judge(summary, self.invalid, budget)

    def _run_info(self) -> RunInfo:
        prepared = self.prepared
        return RunInfo(
            id=self.run.id,
            model=prepared.identity.get("spec", self.settings.model or ""),
            identity=prepared.identity,
            settings={**self.settings.describe(), "tests": self._plan.tests},
            versions=prepared.versions,
            incomplete=tuple(dict.fromkeys([*self.notes, *self.invalid])),
            started_at=datetime.fromtimestamp(self._started, UTC).isoformat(timespec="seconds"),
            seconds=round(time.time() - self._started, 3),
            image_digest=prepared.image_digest,
            git_revision=prepared.git_revision,
            prompt_digest=prepared.prompt_digest,
            machine=prepared.machine,
            warnings=tuple(self.warnings),
            generation=self.generation,
            hosts=tuple(self.hosts.facts()),
        )


def _first_line(report: pytest.TestReport) -> str:
    lines = [line for line in report.longreprtext.splitlines() if line.strip()]
    return (lines[-1] if lines else "the sample ended without a report").strip()[:300]
