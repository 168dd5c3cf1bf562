"""The judgement of APPS's metric. This file runs in the sandbox, as a part of the tests.

A solution is right if it is right for every input, by the rules of codeparrot/apps_metric,
`testing_util.py` (a copy with the same rules: wyt2000/apps_metric, commit ae93787).
"""

from __future__ import annotations

import contextlib
import json
import math
import signal
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

__all__ = ["check_printed", "check_returned"]

# For one input, as there by the clock.
_SECONDS = 4.0
_RELATIVE_TOLERANCE = 1e-5
_ABSOLUTE_TOLERANCE = 1e-8
_DECIMALS = 3


def check_printed(answer: Callable[[str], str], tests: str) -> None:
    """Whether a program that reads text prints the right one.

    `answer` gives what it prints for an input; `tests` is JSON, lists of texts (or of their lines)
    as `inputs` and `outputs`.

    Raises:
        AssertionError: it prints something else for an input, whose number is named.
        TimeoutError: an input took it more than four seconds of CPU time.
    """
    for number, (given, expected) in enumerate(_cases(tests)):
        with _time_limit():
            printed = answer(_text(given))
        assert _is_printed(printed, _text(expected)), f"wrong for input {number}"


def check_returned(answer: Callable[..., Any], tests: str) -> None:
    """Whether the function `answer` returns what is right.

    `tests` is JSON: the argument lists are its `inputs`, the results its `outputs`.

    Raises:
        AssertionError, TimeoutError: as `check_printed`.
    """
    for number, (given, expected) in enumerate(_cases(tests)):
        arguments = _with_numbers_as_keys(given)
        with _time_limit():
            returned = answer(*arguments)
        assert _is_returned(returned, _expected(expected)), f"wrong for input {number}"


def _cases(tests: str) -> Iterator[tuple[Any, Any]]:
    """Inputs with their outputs; a missing output is an IndexError, as there."""
    cases = json.loads(tests)
    return ((given, cases["outputs"][place]) for place, given in enumerate(cases["inputs"]))


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _stop(*_: object) -> NoReturn:
    raise TimeoutError("one input took more CPU time than its limit")


def _text(lines: Any) -> Any:
    return "\n".join(lines) if isinstance(lines, list) else lines


def _is_printed(printed: str, expected: str) -> bool:
    """Equal but for white space at the ends, or at those of the lines; but for empty lines; as
    close numbers, one a line; or as sets of lines that are sets of words, or of rounded numbers."""
    lines = printed.splitlines()
    trimmed = [line.strip() for line in lines]
    filled = [line for line in lines if line]
    wanted = [line.strip() for line in expected.split("\n") if line]
    return (
        expected.strip() in ("\n".join(lines).strip(), "\n".join(trimmed).strip())
        or wanted in (lines, filled)
        or _are_close(filled, wanted)
        or _have_equal_words([line for line in filled if line.strip()], wanted)
    )


def _are_close(lines: list[str], wanted: list[str]) -> bool:
    """As `numpy.allclose` finds, for a number a line."""
    try:
        pairs = [(float(a), float(b)) for a, b in zip(lines, wanted, strict=True)]
    except ValueError:
        return False
    return all(a == b or _is_close(a, b) for a, b in pairs)


def _is_close(number: float, wanted: float) -> bool:
    finite = math.isfinite(number) and math.isfinite(wanted)
    return finite and abs(number - wanted) <= _ABSOLUTE_TOLERANCE + _RELATIVE_TOLERANCE * abs(
        wanted
    )


def _have_equal_words(lines: list[str], wanted: list[str]) -> bool:
    if _sets(map(str.split, lines)) == _sets(map(str.split, wanted)):
        return True
    try:
        return _sets(map(_rounded, lines)) == _sets(map(_rounded, wanted))
    except ValueError:
        return False


def _rounded(line: str) -> list[float]:
    return [round(float(word), _DECIMALS) for word in line.split()]


def _sets(lines: Iterable[Iterable[Any]]) -> set[frozenset[Any]]:
    return {frozenset(line) for line in lines}


def _with_numbers_as_keys(values: Any) -> Any:
    """A first value that is an object stands alone, with the numbers as keys that JSON has not."""
    with contextlib.suppress(IndexError, KeyError, TypeError, ValueError):
        if isinstance(values[0], dict):
            return [{int(key): value for key, value in values[0].items()}]
    return values


def _expected(value: Any) -> Any:
    listed = [value] if isinstance(value, dict) else value
    converted = _with_numbers_as_keys(listed)
    return value if converted is listed else converted


def _is_returned(returned: Any, expected: Any) -> Any:
    """Equal to the expected value or to its only element, with lists in place of tuples."""
    if isinstance(returned, tuple):
        returned = list(returned)
    right = returned == expected
    if isinstance(expected, list) and expected:
        right = right or returned == expected[0]
    with contextlib.suppress(Exception):
        if isinstance(returned[0], tuple):
            right = right or [list(value) for value in returned] == expected[0]
    return right
