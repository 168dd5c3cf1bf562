"""From what a container answered to a verdict: the rules that hold for every language."""

from __future__ import annotations

import json
import re
import signal

from pytest_aibench.records import Verdict, VerdictKind, sanitise
from pytest_aibench.sandbox.answer import Answer, HarnessFailed
from pytest_aibench.sandbox.languages import Language
from pytest_aibench.sandbox.program import Limits, Program

__all__ = ["in_doubt", "judge", "lost_verdict", "one_line"]

_LONGEST_DETAIL = 300
# Within its limits a program times out only if it was proven to be endless.
_PROOFS = {VerdictKind.PASSED: "token", VerdictKind.TIMEOUT: "loop"}
_ASLEEP = 0.01
_WATCHED = ("python", "python-data")
_WATCHED_FROM = 0.08  # seconds of CPU time; a little before `FIRST_LOOK` of the prover
# Control characters, and those that reorder or break lines.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def judge(answer: Answer, language: Language, program: Program, secret: bytes) -> Verdict:
    """The verdict on `program`, whose tests, run to their end, would have released `secret`.

    Raises:
        HarnessFailed: the program did not run.
    """
    limit = _limit_hit(answer, program)
    kind, detail = limit or _finding(answer, language, program, secret)
    return Verdict(
        kind=kind,
        detail=one_line(detail),
        cpu_seconds=answer.cpu_seconds,
        wall_seconds=answer.wall_seconds,
        proof="" if limit else _PROOFS.get(kind, ""),
        stdout=answer.stdout.decode("utf-8", "replace"),
        stderr=answer.stderr.decode("utf-8", "replace"),
    )


def in_doubt(answer: Answer, program: Program) -> bool:
    """Whether a time-out might be the machine's fault, in a run that was given more CPU time.

    It is not where a program used up more than a busy neighbour can cost it, or only slept. In
    doubt is a crash, too, of an interpreter that was traced for a proof: CPython 3.11 has crashed
    when a trace ended.
    """
    if answer.ended == "wall":
        return answer.cpu_seconds > _ASLEEP * answer.wall_seconds
    _, used, allowed = _stage(answer, program)
    crashed = answer.ended == "exit" and (answer.status or 0) < 0
    watched = program.language in _WATCHED and used >= _WATCHED_FROM
    return answer.ended != "cpu" and (used > allowed or (crashed and watched))


def lost_verdict(limit: str, limits: Limits) -> Verdict:
    """The verdict on a program that took its container along: by which of `limits`."""
    if limit == "cpu":
        detail = f"cpu time limit {limits.cpu_seconds:g} s; ended from outside"
        return Verdict(VerdictKind.TIMEOUT, detail)
    return Verdict(VerdictKind.OUT_OF_MEMORY, _memory_limit(limits))


def one_line(text: str) -> str:
    """`text` as one printable line of at most 300 characters."""
    line = _UNPRINTABLE.sub(" ", str(sanitise(text[: 4 * _LONGEST_DETAIL]))).strip()
    return line if len(line) <= _LONGEST_DETAIL else line[: _LONGEST_DETAIL - 1] + "…"


def _finding(
    answer: Answer, language: Language, program: Program, secret: bytes
) -> tuple[VerdictKind, str]:
    report = _parse(answer.report)
    if answer.taken < language.started and "phase" not in report:
        raise HarnessFailed(_harness_failure(answer, language))
    proven = report.get("proof") == secret.hex()
    if proven and answer.status == 0:
        return _loud(answer) if program.rules.silent_pass else (VerdictKind.PASSED, "")
    if "phase" in report:
        return language.failure(report)
    if answer.status is not None and answer.status < 0:
        stderr = answer.stderr.decode("utf-8", "replace")
        return language.death(stderr) or (VerdictKind.CRASHED, _signal_name(-answer.status))
    if proven:
        return VerdictKind.RUNTIME_ERROR, f"exit status {answer.status} after the tests"
    return VerdictKind.EXITED_EARLY, f"exit status {answer.status} before the tests had ended"


def _harness_failure(answer: Answer, language: Language) -> str:
    said = answer.stderr.decode("utf-8", "replace").strip().splitlines()
    how = one_line(f"status {answer.status}: {said[-1]}" if said else f"status {answer.status}")
    return (
        f"the sandbox's own harness for {language.name} ended before the program could start "
        f"({how}); its image is broken: remove the images named aibench-sandbox-{language.family}, "
        "and the next run builds it again"
    )


def _loud(answer: Answer) -> tuple[VerdictKind, str]:
    """What output means where a pass has to be silent."""
    if not answer.written:
        return VerdictKind.PASSED, ""
    first = (answer.stderr or answer.stdout).decode("utf-8", "replace").strip().split("\n")[0]
    return VerdictKind.WRONG_ANSWER, f"a pass must be silent, but this was printed: {first}"


def _stage(answer: Answer, program: Program) -> tuple[str, float, float]:
    """The stage whose CPU time decides: its name, what was used, what is allowed."""
    allowed = program.rules.compile_seconds
    if answer.compiling:
        return "compiling: ", answer.cpu_seconds, allowed
    if answer.compile_cpu_seconds > allowed:
        return "compiling: ", answer.compile_cpu_seconds, allowed
    return "", answer.cpu_seconds, program.limits.cpu_seconds


def _limit_hit(answer: Answer, program: Program) -> tuple[VerdictKind, str] | None:
    limits = program.limits
    stage, used, allowed = _stage(answer, program)
    if answer.ended == "memory":
        return VerdictKind.OUT_OF_MEMORY, _memory_limit(limits)
    if answer.ended == "cpu" or used > allowed:
        return VerdictKind.TIMEOUT, f"{stage}cpu time limit {allowed:g} s"
    if answer.ended == "wall":
        return VerdictKind.TIMEOUT, f"{stage}wall time limit {limits.wall_seconds:g} s"
    if answer.ended == "output":
        return VerdictKind.OUTPUT_LIMIT, f"more than {limits.output_killed >> 10} KiB of output"
    if answer.oom_kills:
        return VerdictKind.OUT_OF_MEMORY, _memory_limit(limits)
    return None


def _memory_limit(limits: Limits) -> str:
    return f"memory limit {limits.memory >> 20} MiB"


def _parse(report: bytes) -> dict[str, str]:
    """The runner's report; empty where the program wrote something else in its place."""
    try:
        found = json.loads(report)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        return {}
    return found


def _signal_name(number: int) -> str:
    try:
        return f"killed by {signal.Signals(number).name}"
    except ValueError:
        return f"killed by signal {number}"
