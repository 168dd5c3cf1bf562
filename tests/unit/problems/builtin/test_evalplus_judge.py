from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pytest_aibench.problems.builtin import evalplus_judge
from pytest_aibench.problems.builtin.evalplus_judge import CONVERSIONS, check


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGPROF)
    yield
    signal.signal(signal.SIGPROF, before)


def judge(
    solution: Callable[..., Any],
    reference: str,
    inputs: list[Any],
    *,
    conversion: str = "none",
    rule: str = "same",
    tolerance: float = 0,
) -> None:
    check(
        solution,
        entry_point="f",
        reference=reference,
        inputs=json.dumps(inputs),
        conversion=conversion,
        rule=rule,
        tolerance=tolerance,
    )


DOUBLE = "def f(x):\n    return 2 * x"


def test_the_input_with_another_result_is_named() -> None:
    judge(lambda x: x + x, DOUBLE, [[1], ["a"], [[1]]])
    with pytest.raises(AssertionError, match="wrong for input 2"):
        judge(lambda x: x + x if x != 3 else 7, DOUBLE, [[1], [2], [3], [3]])


def test_exceptions_of_the_solution_pass_through() -> None:
    with pytest.raises(ZeroDivisionError):
        judge(lambda x: 1 / 0, DOUBLE, [[1]])


def test_a_solution_that_changes_its_arguments_changes_no_expectation() -> None:
    def empties(x: list[int]) -> list[int]:
        x.clear()
        return []

    with pytest.raises(AssertionError, match="input 0"):
        judge(empties, "def f(x):\n    return list(x)", [[[1]]])
    judge(lambda x: [x.pop()], "def f(x):\n    return [x.pop()]", [[[1]], [[2]]])


def test_floats_are_compared_within_a_millionth() -> None:
    reference = "def f(x):\n    return x / 3"
    judge(lambda x: x / 3 + 5e-7, reference, [[1]])
    with pytest.raises(AssertionError):
        judge(lambda x: x / 3 + 5e-6, reference, [[1]])
    judge(lambda x: x / 3 + 5e-6, reference, [[1]], tolerance=1e-4)
    judge(lambda x: [x + 5e-7], "def f(x):\n    return [x + 0.0]", [[1]])


def test_a_tolerance_is_for_values_of_one_type_and_length() -> None:
    as_list = "def f(x):\n    return [float(x)]"
    for other in (lambda x: (x + 5e-7,), lambda x: [x + 5e-7] * 2, lambda x: x + 5e-7):
        with pytest.raises(AssertionError):
            judge(other, as_list, [[1]])
    judge(float, "def f(x):\n    return x", [[1]])  # equal


def test_once_a_reference_returned_floats_the_tolerance_stays() -> None:
    reference = "def f(x):\n    return x"

    def off(x: Any) -> Any:
        return x if x == 0.5 else [x[0] + 1e-7, 1]

    mixed = [[[1.0, 1]], [0.5]]
    with pytest.raises(AssertionError, match="input 0"):
        judge(off, reference, mixed)
    judge(off, reference, mixed[::-1])


def test_an_endless_input_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evalplus_judge, "_SECONDS", 0.05)

    def endless(x: int) -> int:
        while x:
            pass
        return 0

    with pytest.raises(TimeoutError, match="one input took more CPU time"):
        judge(endless, DOUBLE, [[0], [1]])
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


BUSY = """
import time

def f(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
"""


def test_a_slow_reference_extends_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evalplus_judge, "_SECONDS", 0.05)
    space: dict[str, Any] = {}
    exec(BUSY, space)
    judge(lambda seconds: space["f"](2 * seconds), BUSY, [[0.1]])
    with pytest.raises(TimeoutError, match="one input took more CPU time"):
        judge(lambda seconds: space["f"](9 * seconds), BUSY, [[0.1]])


def test_any_root_will_do() -> None:
    reference = "def f(xs):\n    return 1.0"
    judge(lambda xs: -1.0, reference, [[[-1, 0, 1]]], rule="root", tolerance=1e-4)
    with pytest.raises(AssertionError, match="not a root"):
        judge(lambda xs: 1.001, reference, [[[-1, 0, 1]]], rule="root", tolerance=1e-4)


def test_either_height_of_a_pyramid_will_do() -> None:
    slant = "def f(b, s):\n    return 2 * b * s + b * b"
    judge(lambda b, s: 33, slant, [[3, 4]], rule="surface")
    judge(lambda b, h: 35, slant, [[3, 4]], rule="surface")  # 9 + 6 * hypot(1.5, 4) = 34.6
    with pytest.raises(AssertionError):
        judge(lambda b, h: 34, slant, [[3, 4]], rule="surface")


def test_digits_may_be_compared_by_place() -> None:
    difference = "def f(a, b):\n    return sum(map(int, str(abs(a - b))))"
    judge(lambda a, b: 9, difference, [[12, 3]], rule="digit distance")
    judge(lambda a, b: 2, difference, [[12, 3]], rule="digit distance")  # |1 - 0| + |2 - 3|
    with pytest.raises(AssertionError):
        judge(lambda a, b: 1, difference, [[12, 3]], rule="digit distance")


def test_sets_and_matches() -> None:
    judge(lambda x: x[::-1], "def f(x):\n    return x", [[[1, 2]]], rule="same set")
    with pytest.raises(AssertionError):
        judge(lambda x: [1], "def f(x):\n    return x", [[[1, 2]]], rule="same set")
    found = "def f(x):\n    return 'match' if x else None"
    judge(lambda x: x or None, found, [[1], [0]], rule="something")
    judge(bool, found, [[1], [0]], rule="something")
    with pytest.raises(AssertionError, match="input 1"):
        judge(lambda x: "always", found, [[1], [0]], rule="something")


@pytest.mark.parametrize(
    ("conversion", "given", "taken"),
    [
        ("none", [[1], 2], [[1], 2]),
        ("tuples", [[1], [2]], [(1,), (2,)]),
        ("lists of tuples", [[[1], [2]]], [[(1,), (2,)]]),
        ("tuples of tuples", [[[1], 2]], [((1,), 2)]),
        ("all tuples", [[[[1]], 2]], [(((1,),), 2)]),
        ("first: tuple", [[1], [2], 3], [(1,), [2], 3]),
        ("second: tuple", [[1], [2]], [[1], (2,)]),
        ("first: list of tuples", [[[1]], [2]], [[(1,)], [2]]),
        ("first: dict of tuples", [{"a": [1]}, 2], [{"a": (1,)}, 2]),
        ("first: complex", ["(1+2j)"], [1 + 2j]),
        ("float, complex", ["1", "2j"], [1.0, 2j]),
    ],
)
def test_what_json_cannot_say_is_restored(conversion: str, given: Any, taken: Any) -> None:
    restored = CONVERSIONS[conversion](given)
    assert (restored, repr(restored)) == (taken, repr(taken))


def test_every_conversion_is_tested() -> None:
    (marker,) = test_what_json_cannot_say_is_restored.pytestmark
    assert {case[0] for case in marker.args[1]} == {*CONVERSIONS}
