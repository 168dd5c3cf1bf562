from __future__ import annotations

import collections
import datetime
import decimal
import enum
import fractions
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from supervisor.languages.python_values import decode, dump, encode, load

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
)
HASHABLE = SCALARS | st.tuples(SCALARS, SCALARS) | st.binary(max_size=4)
VALUES = st.recursive(
    HASHABLE | st.complex_numbers(allow_nan=False) | st.decimals(allow_nan=False) | st.fractions(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(HASHABLE, inner, max_size=4)
        | st.sets(HASHABLE, max_size=4)
        | st.tuples(inner, inner)
    ),
    max_leaves=12,
)


def refuse(value: Any) -> Any:
    raise TypeError(f"{value!r} is no plain value")


def cross(value: Any, opaque: Callable[[Any], Any] = refuse) -> Any:
    return decode(load(dump(encode(value, opaque))), refuse)


def same(one: Any, two: Any) -> bool:
    return type(one) is type(two) and one == two and repr(one) == repr(two)


@given(VALUES)
def test_plain_values_cross_unchanged(value: Any) -> None:
    if isinstance(value, set):
        assert cross(value) == value
    else:
        arrived = cross(value)
        assert type(arrived) is type(value)
        assert arrived == value


Point = collections.namedtuple("Point", "x y")


class Colour(enum.IntEnum):
    RED = 3


class Liar(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (Point(1, [2]), (1, [2])),
        (Colour.RED, 3),
        (Liar(7), 7),
        (collections.defaultdict(list, a=[1]), {"a": [1]}),
        (collections.Counter("aab"), collections.Counter("aab")),
        (collections.OrderedDict(b=1, a=2), collections.OrderedDict(b=1, a=2)),
        (collections.deque([1, (2,)], 5), collections.deque([1, (2,)], 5)),
        (range(1, 9, 3), range(1, 9, 3)),
        (decimal.Decimal("1.10"), decimal.Decimal("1.10")),
        (fractions.Fraction(1, 3), fractions.Fraction(1, 3)),
        (bytearray(b"\x00\xff"), bytearray(b"\x00\xff")),
        (datetime.datetime(2020, 2, 29, 1), datetime.datetime(2020, 2, 29, 1)),
        (datetime.timedelta(1, 2, 3), datetime.timedelta(1, 2, 3)),
        (float("-inf"), float("-inf")),
        (-0.0, -0.0),
        ("\ud800", "\ud800"),
    ],
)
def test_arrives_as_its_builtin_base(value: Any, arrives: Any) -> None:
    assert same(cross(value), arrives)


def test_integers_of_any_length_cross() -> None:
    assert cross([10**9000]) == [10**9000]
    assert cross(-(10**9000)) == -(10**9000)


def test_long_integers_do_not_cross_as_decimal_digits() -> None:
    # A million of these take a minute to write; hexadecimal ones cost as much as copying them.
    assert encode(-(16**9000), refuse) == {"int": "-0x1" + "0" * 9000}


@pytest.mark.parametrize("make", [lambda: iter([1, 2]), lambda: map(abs, (-1, -2)), lambda: {1: 2}])
def test_iterators_arrive_as_iterators(make: Callable[[], Any]) -> None:
    assert list(cross(make())) == list(make())


def test_views_of_a_dict_keep_their_operations() -> None:
    assert cross({1: 2}.keys()) & {1, 5} == {1}
    assert list(cross({1: 2}.values())) == [2]
    assert cross({1: 2}.items()) == {(1, 2)}


def test_arrays_cross() -> None:
    numpy = pytest.importorskip("numpy")
    arrived = cross(numpy.array([[1, 2], [3, 4]], dtype="int8"))
    assert arrived.dtype == "int8"
    assert arrived.tolist() == [[1, 2], [3, 4]]
    assert same(cross(numpy.float32(0.5)), 0.5)
    assert same(cross(numpy.bool_(True)), True)


def test_what_is_no_value_is_left_to_the_caller() -> None:
    class Equal:
        def __eq__(self, other: object) -> bool:
            return True

    seen: list[Any] = []
    encode([Equal(), len, Equal], lambda value: seen.append(value))
    assert [type(value).__name__ for value in seen] == [
        "Equal", "builtin_function_or_method", "type"
    ]  # fmt: skip


JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
TAGS = st.sampled_from(
    ["tuple", "dict", "set", "range", "array", "Fraction", "items", "iterator", "datetime", "x"]
)


@given(JSON | st.dictionaries(TAGS, JSON, min_size=1, max_size=1))
def test_wild_json_becomes_a_plain_value_or_an_error(data: Any) -> None:
    try:
        value = decode(data, refuse)
    except Exception:
        return
    assert type(value).__module__ in {
        "builtins", "collections", "datetime", "decimal", "fractions", "numpy"
    }  # fmt: skip
