"""Confirm a pass: by the solution's text, or once more with tests and solution in two processes.

In one process a solution can do everything that its tests can, passing included, unless its text
shows that it does nothing but compute. Apart, it can only answer calls with plain values, and what
it answers is compared where it has no hand in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.answer import Answer
from pytest_aibench.sandbox.judging import one_line
from pytest_aibench.sandbox.languages import javascript_split, python_split
from pytest_aibench.sandbox.languages.python_plain import is_plain
from pytest_aibench.sandbox.program import Limits, Program

__all__ = ["Measure", "confirm"]

Measure = Callable[[Program, bool], tuple[Answer | None, Verdict]]
"""Runs a program, alone on the machine or not."""

_IMPOSSIBLE: dict[str, Callable[[Program], str]] = {
    "javascript": javascript_split.impossible,
    "python": python_split.impossible,
}


def confirm(program: Program, verdict: Verdict, measure: Measure) -> Verdict:
    """The verdict on a program that passed, after its confirmation.

    Its proof is `"plain"` where the solution's text shows that it could not interfere with its
    tests, `"split"` where the tests passed apart too, and stays `"token"` where the tests want more
    of a solution than the values of its functions. What passes beside its tests only is
    suspicious; as time and chance are no reason to suspect anybody, that is believed when it has
    happened twice, the second time alone and within wide limits.
    """
    impossible = _IMPOSSIBLE.get(program.language)
    if impossible is None or impossible(program):
        return verdict
    if program.language == "python" and is_plain(program):
        return replace(verdict, proof="plain")
    apart = replace(program, language=f"{program.language}-split")
    second = verdict
    for limits, alone in _attempts(program.limits, verdict):
        memory = 2 if second.kind is VerdictKind.OUT_OF_MEMORY else 1  # for two processes
        limits = replace(limits, memory=memory * limits.memory)
        answer, second = measure(replace(apart, limits=limits), alone)
        if second.passed:
            return replace(verdict, proof="split")
        if answer is not None and _wants_more(answer):
            return verdict
    return replace(verdict, kind=VerdictKind.SUSPICIOUS, proof="", detail=_difference(second))


def _attempts(limits: Limits, first: Verdict) -> Iterator[tuple[Limits, bool]]:
    """Limits for each try, and whether it is made alone."""
    yield (
        replace(
            limits,
            cpu_seconds=min(limits.cpu_seconds, 4 * first.cpu_seconds + 0.5),
            wall_seconds=min(limits.wall_seconds, 20 * first.wall_seconds + 2),
        ),
        False,
    )
    yield replace(limits, cpu_seconds=4 * limits.cpu_seconds), True


def _wants_more(answer: Answer) -> bool:
    """Whether the tests, which alone write this report, cannot be run apart."""
    try:
        report = json.loads(answer.report)
    except (ValueError, RecursionError):
        return False
    return isinstance(report, dict) and "impossible" in report


def _difference(apart: Verdict) -> str:
    what = apart.kind.replace("_", " ")
    return one_line(f"passed beside its tests only; apart from them: {what} {apart.detail}")
