"""Reading summaries back: nothing is believed that does not fit together."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pytest_aibench.errors import DataError
from pytest_aibench.records import VerdictKind
from pytest_aibench.scoring.interval import Estimate
from pytest_aibench.scoring.summary import (
    SCHEMA_VERSION,
    BenchmarkSummary,
    RunInfo,
    Summary,
    score,
)

__all__ = ["load_summary", "parse_summary"]

T = TypeVar("T")

_SCORE = re.compile(r"pass@([1-9][0-9]*)")
TOLERANCE = 1e-9


class _Malformed(Exception):  # noqa: N818 - becomes a DataError with the file's name
    pass


def load_summary(path: Path) -> Summary:
    """The summary that a run wrote to `path`.

    Raises:
        DataError: it cannot be read, is not a summary, of a later major version, or its scores
            are not those of its counts.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({error}); give a summary of a run") from error
    return parse_summary(text, str(path))


def parse_summary(text: str, name: str) -> Summary:
    """The summary in `text`; `name` says in errors where it came from. Raises like
    `load_summary`."""
    try:
        content = json.loads(text, parse_constant=_not_finite)
        return _summary(_as(dict, content, "the file"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{name}: not JSON ({error}); give a summary of a run") from error
    except _Malformed as error:
        raise DataError(
            f"{name}: {error}; give a summary that a run of aibench wrote with --aibench-report"
        ) from error


def _not_finite(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _summary(content: dict[str, Any]) -> Summary:
    version = _get(content, "schema_version", str, "")
    if version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise _Malformed(f"has schema_version {version!r}, and {SCHEMA_VERSION!r} is understood")
    run = _get(content, "run", dict, "")
    incomplete = [_as(str, r, "run.incomplete") for r in _get(run, "incomplete", list, "run.", [])]
    benchmarks = {
        name: _benchmark(_as(dict, value, f"benchmarks.{name}"), f"benchmarks.{name}.")
        for name, value in _get(content, "benchmarks", dict, "").items()
    }
    own = {gap for name, b in benchmarks.items() for gap in Summary(_NO_RUN, {name: b}).incomplete}
    reasons = tuple(reason for reason in incomplete if reason not in own)
    lm_eval = _lm_eval(content)
    summary = Summary(_run(run, reasons), benchmarks, lm_eval)
    if _get(run, "complete", bool, "run.") and summary.incomplete:
        raise _Malformed(f"run.complete is true, but {summary.incomplete[0]}")
    if not run["complete"] and not summary.incomplete:
        return Summary(_run(run, ("marked as incomplete",)), benchmarks, lm_eval)
    return summary


def _lm_eval(content: dict[str, Any]) -> dict[str, Any]:
    found = _get(content, "lm_eval", dict, "", {})
    for member in ("results", "groups"):
        for name, scores in _get(found, member, dict, "lm_eval.", {}).items():
            _as(dict, scores, f"lm_eval.{member}.{name}")
    return dict(found)


_NO_RUN = RunInfo("", "")


def _run(run: dict[str, Any], incomplete: tuple[str, ...]) -> RunInfo:
    return RunInfo(
        id=_get(run, "id", str, "run."),
        model=_get(run, "model", str, "run."),
        settings=_get(run, "settings", dict, "run."),
        versions=_get(run, "versions", dict, "run."),
        incomplete=incomplete,
        started_at=_get(run, "started_at", str, "run.", ""),
        seconds=_number(run.get("seconds", 0.0), "run.seconds"),
        identity=_get(run, "identity", dict, "run.", {}),
        image_digest=_get(run, "image_digest", str, "run.", ""),
        git_revision=_get(run, "git_revision", str, "run.", ""),
        prompt_digest=_get(run, "prompt_digest", str, "run.", ""),
        machine=_get(run, "machine", dict, "run.", {}),
        warnings=tuple(_get(run, "warnings", list, "run.", [])),
        generation=_get(run, "generation", dict, "run.", {}),
        hosts=tuple(_as(dict, h, "run.hosts") for h in _get(run, "hosts", list, "run.", [])),
    )


def _benchmark(content: dict[str, Any], where: str) -> BenchmarkSummary:
    problems = {
        id_: _counts(_as(dict, value, f"{where}problems.{id_}"), f"{where}problems.{id_}.")
        for id_, value in _get(content, "problems", dict, where).items()
    }
    verdicts = _get(content, "verdicts", dict, where)
    samples = _get(content, "samples", dict, where, {})
    measured = sum(n for n, _ in problems.values())
    benchmark = BenchmarkSummary(
        scores=_scores(content, problems, where),
        undefined=_undefined(_get(content, "undefined", dict, where, {}), where),
        verdicts={_kind(k, where): _count(verdicts, k, f"{where}verdicts.") for k in verdicts},
        collected=_count(samples, "collected", f"{where}samples.", 0),
        planned=_count(samples, "planned", f"{where}samples.", 0),
        measured=measured,
        errors=_count(content, "errors", where),
        missing=_count(samples, "missing", f"{where}samples.", 0),
        unmeasured=tuple(id_ for id_, (n, _) in problems.items() if not n),
        error_messages=_get(content, "error_messages", dict, where, {}),
        truncated=_count(samples, "truncated", f"{where}samples.", 0),
        tokens=_numbers(content, "tokens", ("in", "out"), where, int),
        seconds=_numbers(content, "seconds", ("model", "cpu", "samples"), where, float),
        dataset_digest=_get(content, "dataset_digest", str, where, ""),
        problems=problems,
        quarantined=_get(content, "quarantined", dict, where, {}),
        cpu_limits=_get(content, "cpu_limits", dict, where, {}),
        proofs=_get(content, "proofs", dict, where, {}),
    )
    _check_counts(benchmark, where)
    return benchmark


def _check_counts(benchmark: BenchmarkSummary, where: str) -> None:
    if benchmark.measured != sum(benchmark.verdicts.values()):
        raise _Malformed(f"{where}verdicts do not add up to the samples of its problems")
    passed = sum(c for _, c in benchmark.problems.values())
    if passed != benchmark.verdicts.get(VerdictKind.PASSED, 0):
        raise _Malformed(f"{where}verdicts.passed is not the sum of c over its problems")


def _scores(
    content: dict[str, Any], problems: dict[str, tuple[int, int]], where: str
) -> dict[int, Estimate]:
    """The scores that the counts give, having checked that they are those in the file."""
    scores = {}
    for key in content:
        if match := _SCORE.fullmatch(key):
            stored = _get(_get(content, key, dict, where), "value", (int, float), f"{where}{key}.")
            try:
                found = score(problems.values(), int(match[1]))
            except ValueError as error:
                raise _Malformed(f"{where}{key}: {error}") from error
            if not math.isclose(stored, found.value, abs_tol=TOLERANCE):
                raise _Malformed(
                    f"{where}{key}.value is {stored}, but its problems give {found.value}"
                )
            scores[int(match[1])] = found
    return scores


def _undefined(content: dict[str, Any], where: str) -> dict[int, str]:
    return {
        int(match[1]): _as(str, reason, f"{where}undefined.{key}")
        for key, reason in content.items()
        if (match := _SCORE.fullmatch(key))
    }


def _kind(name: str, where: str) -> VerdictKind:
    try:
        return VerdictKind(name)
    except ValueError:
        raise _Malformed(f"{where}verdicts has an unknown kind {name!r}") from None


def _counts(content: dict[str, Any], where: str) -> tuple[int, int]:
    n, c = _count(content, "n", where), _count(content, "c", where)
    if c > n:
        raise _Malformed(f"{where}c is {c} of n = {n}")
    return n, c


def _numbers(
    content: dict[str, Any], name: str, keys: tuple[str, ...], where: str, kind: Callable[[Any], T]
) -> dict[str, T]:
    numbers = _get(content, name, dict, where, {})
    return {key: kind(_number(numbers.get(key, 0), f"{where}{name}.{key}")) for key in keys}


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise _Malformed(f"{where} is not a number from 0 up")
    return value


def _count(content: dict[str, Any], key: str, where: str, default: int | None = None) -> int:
    value = content.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _Malformed(f"{where}{key} is not a whole number from 0 up")
    return value


_MISSING: Any = object()


def _get(content: dict[str, Any], key: str, kind: Any, where: str, default: Any = _MISSING) -> Any:
    value = content.get(key, default)
    if value is _MISSING:
        raise _Malformed(f"{where}{key} is missing")
    return _as(kind, value, where + key)


def _as(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _Malformed(f"{where} is of the wrong type")
    return value
