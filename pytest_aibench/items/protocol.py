"""How a sample runs and what pytest is told of it: one report an item instead of three.

Pytest's own protocol reports setup, call and teardown; with tens of thousands of samples two
thirds of the traffic and the controller's memory would be empty phases. Where the user needs
pytest's own steps (`--pdb`, `--setup-show`) its protocol runs unchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import CallInfo, check_interactive_exception

from pytest_aibench.errors import Unsolved
from pytest_aibench.items import phases
from pytest_aibench.items.item import SampleItem
from pytest_aibench.records import SampleRecord, Verdict, VerdictKind, one_line

if TYPE_CHECKING:
    from pytest_aibench.items.phases import SingleItem
    from pytest_aibench.models.base import Reply

__all__ = ["is_single", "record_of", "run_item", "shape_report"]

_SINGLE = "aibench_single"


def run_item(item: SingleItem, nextitem: pytest.Item | None) -> bool:
    """Run `item` and log one report, two where its teardown failed."""
    item._initrequest()
    hooks = item.ihook  # found anew each time that it is asked for
    try:
        call, report = _setup_and_call(item, hooks)
        if item.session.shouldfail or item.session.shouldstop:
            nextitem = None
        teardown = phases.teardown(item, hooks, nextitem)
        setattr(report, _SINGLE, True)
        hooks.pytest_runtest_logreport(report=report)
        if check_interactive_exception(call, report):
            hooks.pytest_exception_interact(node=item, call=call, report=report)
        if teardown.excinfo is not None:
            late = hooks.pytest_runtest_makereport(item=item, call=teardown)
            hooks.pytest_runtest_logreport(report=late)
    finally:
        item.release()
    return True


def is_single(report: pytest.TestReport) -> bool:
    """Whether `report` stands for all three phases of its item."""
    return getattr(report, _SINGLE, False)


def shape_report(item: SampleItem, call: CallInfo[None], report: pytest.TestReport) -> None:
    """Turn pytest's report of a phase into that of a sample.

    Unsolved becomes an expected failure (outcome `skipped` with `wasxfail`): it stops no `-x`,
    fills no `--lf` and fails no run. An infrastructure error becomes an error of the setup.
    """
    report.keywords = item.shared.report_keywords
    record = record_of(item, call)
    if record is None or call.when == "teardown":
        return
    report.aibench = record.to_json()  # type: ignore[attr-defined]
    report.user_properties = [*report.user_properties, ("aibench", report.aibench)]
    if record.kind is None:
        report.when = "setup"
    elif not record.solved:
        _mark_unsolved(item, record, report)


def record_of(item: SampleItem, call: CallInfo[None]) -> SampleRecord | None:
    """The record of `item`, made by the phase that ended it; None before, and where skipped."""
    ended = call.when == "call" or (call.when == "setup" and call.excinfo is not None)
    if item.record is None and ended:
        item.record = _classify(item, call)
    return item.record


def _classify(item: SampleItem, call: CallInfo[None]) -> SampleRecord | None:
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, pytest.skip.Exception):
        return None
    if error is not None and not isinstance(error, AssertionError):
        return _record(item, call, None, error=f"{type(error).__name__}: {error}")
    verdict = item.sample.verdict if item.sample else None
    if error is not None and not isinstance(error, Unsolved):
        first_line = str(error).partition("\n")[0]
        verdict = Verdict(VerdictKind.WRONG_ANSWER, first_line)
    return _record(item, call, verdict or Verdict(VerdictKind.PASSED))


def _record(
    item: SampleItem, call: CallInfo[None], verdict: Verdict | None, error: str = ""
) -> SampleRecord:
    sample = item.sample
    reply = sample.reply if sample is not None and sample.replied else None
    return SampleRecord(
        benchmark=item.shared.benchmark,
        problem=item.problem.id,
        sample=item.index,
        kind=verdict.kind if verdict else None,
        detail=one_line(verdict.detail) if verdict else "",
        error=one_line(error),
        truncated=reply is not None and reply.finish_reason == "length",
        proof=verdict.proof if verdict else "",
        seconds=round(call.duration, 6),
        cpu_seconds=verdict.cpu_seconds if verdict else 0.0,
        model_seconds=reply.seconds if reply else 0.0,
        tokens_in=reply.tokens_in if reply else 0,
        tokens_out=reply.tokens_out if reply else 0,
        facts=_facts(item, reply),
    )


def _facts(item: SampleItem, reply: Reply | None) -> dict[str, Any]:
    language = item.sample.other_language if item.sample is not None else ""
    facts: dict[str, Any] = {"language": language} if language else {}
    if reply is None or not item.shared.engine.asks_a_server:
        return facts
    from pytest_aibench.generation.collapse import reply_hash

    return {**facts, "reply": reply_hash(reply)}


def _mark_unsolved(item: SampleItem, record: SampleRecord, report: pytest.TestReport) -> None:
    kind = str(record.kind)
    line = kind if record.detail in ("", kind) else f"{kind}: {record.detail}"
    report.longrepr = line
    if item.shared.engine.settings.strict_samples:
        report.outcome = "failed"
    else:
        report.outcome = "skipped"
        report.wasxfail = line


def _setup_and_call(item: SingleItem, hooks: Any) -> tuple[CallInfo[None], pytest.TestReport]:
    call = phases.setup(item, hooks)
    if call.excinfo is None:
        call = phases.call(item, hooks)
    report: pytest.TestReport = hooks.pytest_runtest_makereport(item=item, call=call)
    return call, report
