"""EvalPlus's judgement of a solution. This file runs in the sandbox, as a part of the tests.

A solution is right if it agrees with the reference solution on every input. As in EvalPlus,
`evalplus/eval/__init__.py` (commit 26d6d00): equal, or equal within a tolerance where the problem
has one or the reference returns floats; a few tasks have a rule of their own. What the reference
returns for an input is computed after the solution has answered it.
"""

from __future__ import annotations

import json
import math
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import zip_longest
from typing import Any, NoReturn

__all__ = ["CONVERSIONS", "RULES", "check"]

Arguments = list[Any]
Rule = Callable[[Any, Any, Arguments, float], Any]
"""`(answer, expected, arguments, tolerance)`: whether the answer is right as it stands."""

# For one input; where it is more, this many times the time that the reference needs.
_SECONDS = 4.0
_TIMES_REFERENCE = 4.0
_RELATIVE_TOLERANCE = 1e-7
_TOLERANCE_OF_FLOATS = 1e-6


def check(
    solution: Callable[..., Any],
    *,
    entry_point: str,
    reference: str,
    inputs: str,
    conversion: str,
    rule: str,
    tolerance: float,
) -> None:
    """Call `solution` with all `inputs`, a JSON list of argument lists.

    `reference` is source text that defines `entry_point`; `conversion` and `rule` are keys of
    `CONVERSIONS` and `RULES`; `tolerance` is absolute, 0 for none.

    Raises:
        AssertionError: it disagrees with the reference on an input, whose number is named.
        TimeoutError: an input took it more than four seconds of CPU time, and four times as long
            as the reference.
    """
    convert, is_right = CONVERSIONS[conversion], RULES[rule]
    correct = _defined(reference, entry_point)
    # Read anew for each: functions may change what they are given.
    copies = (json.loads(inputs) for _ in range(3))
    for number, (given, kept, spare) in enumerate(zip(*copies, strict=True)):
        answer = _within_limit(solution, convert(given), partial(correct, *convert(spare)))
        arguments = convert(kept)
        expected = correct(*arguments)
        right = is_right(answer, expected, arguments, tolerance)
        if tolerance == 0 and _is_floats(expected):
            tolerance = _TOLERANCE_OF_FLOATS  # as in EvalPlus, for the inputs that follow too
        assert right or _is_close(answer, expected, tolerance), f"wrong for input {number}"


def _defined(source: str, name: str) -> Callable[..., Any]:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    function: Callable[..., Any] = namespace[name]
    return function


def _within_limit(
    solution: Callable[..., Any], arguments: Arguments, reference: Callable[[], Any]
) -> Any:
    """What `solution` answers; `reference` is timed only where the answer takes long."""

    def extend(*_: object) -> None:
        begun = time.process_time()
        reference()
        allowed = _TIMES_REFERENCE * (time.process_time() - begun)
        if allowed <= _SECONDS:
            _stop()
        signal.signal(signal.SIGPROF, _stop)
        signal.setitimer(signal.ITIMER_PROF, allowed - _SECONDS)

    signal.signal(signal.SIGPROF, extend)
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)
    try:
        return solution(*arguments)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _stop(*_: object) -> NoReturn:
    raise TimeoutError("one input took more CPU time than its limit")


def _is_floats(value: Any) -> bool:
    if isinstance(value, list | tuple) and value:
        return all(isinstance(item, float) for item in value)
    return isinstance(value, float)


def _is_close(answer: Any, expected: Any, tolerance: float) -> bool:
    if tolerance == 0 or type(answer) is not type(expected):
        return False
    if isinstance(expected, list | tuple) and len(answer) != len(expected):
        return False
    import numpy  # takes longer than most programs, and is seldom needed

    return bool(numpy.allclose(answer, expected, rtol=_RELATIVE_TOLERANCE, atol=tolerance))


def _is_same(answer: Any, expected: Any, arguments: Arguments, tolerance: float) -> Any:
    return answer == expected


def _is_root(answer: Any, expected: Any, arguments: Arguments, tolerance: float) -> bool:
    """HumanEval/32: any root of the polynomial will do."""
    value = sum(factor * math.pow(answer, power) for power, factor in enumerate(arguments[0]))
    assert abs(value) <= tolerance, "not a root"
    return True


def _is_a_surface(answer: Any, expected: Any, arguments: Arguments, tolerance: float) -> Any:
    """Mbpp/581, a square pyramid: its second argument may be the height instead of the slant."""
    side, height = arguments
    slant = math.hypot(side / 2, height)
    return answer == expected or abs(answer - round(side**2 + 2 * side * slant)) <= tolerance


def _is_digit_distance(answer: Any, expected: Any, arguments: Arguments, tolerance: float) -> Any:
    """Mbpp/558: the digits may be compared place by place instead."""
    places = zip_longest(*(reversed(str(number)) for number in arguments), fillvalue="0")
    return answer == expected or answer == sum(abs(int(a) - int(b)) for a, b in places)


def _is_same_set(answer: Any, expected: Any, arguments: Arguments, tolerance: float) -> bool:
    return set(answer) == set(expected)


def _is_something(answer: Any, expected: Any, arguments: Arguments, tolerance: float) -> bool:
    """A match, of whatever kind, where the reference finds one."""
    found = answer if isinstance(answer, bool) else answer is not None
    return found == (expected is not None)


RULES: dict[str, Rule] = {
    "same": _is_same,
    "root": _is_root,
    "surface": _is_a_surface,
    "digit distance": _is_digit_distance,
    "same set": _is_same_set,
    "something": _is_something,
}


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _as_tuples(values: Sequence[Any]) -> list[Any]:
    return [_as_tuple(value) for value in values]


def _all_tuples(value: Any) -> Any:
    return tuple(map(_all_tuples, value)) if isinstance(value, list) else value


# What JSON cannot say of the arguments. Each function takes and returns an argument list.
CONVERSIONS: dict[str, Callable[[Arguments], Arguments]] = {
    "none": lambda given: given,
    "tuples": lambda given: [tuple(argument) for argument in given],
    "lists of tuples": lambda given: [_as_tuples(argument) for argument in given],
    "tuples of tuples": lambda given: [tuple(_as_tuples(argument)) for argument in given],
    "all tuples": lambda given: [_all_tuples(argument) for argument in given],
    "first: tuple": lambda given: [tuple(given[0]), *given[1:]],
    "second: tuple": lambda given: [given[0], tuple(given[1])],
    "first: list of tuples": lambda given: [_as_tuples(given[0]), *given[1:]],
    "first: dict of tuples": lambda given: [
        {key: tuple(value) for key, value in given[0].items()},
        *given[1:],
    ],
    "first: complex": lambda given: [complex(given[0])],
    "float, complex": lambda given: [float(given[0]), complex(given[1])],
}
