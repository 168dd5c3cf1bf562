"""Plain values as JSON, for two processes of which one trusts the other in nothing.

None, bool, int, float, str and lists of them stand for themselves. Every other value is an object
`{"tag": content}`. What is received is rebuilt from exact builtin types only: an instance of a
subclass arrives as the value of its base, whatever methods it has. Whatever is no plain value is
left to the caller (`Opaque`).
"""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import importlib
import itertools
import json
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

__all__ = ["Opaque", "Resolve", "decode", "dump", "encode", "load"]

T = TypeVar("T")
Opaque = Callable[[Any], Any]
"""From a value that is not plain to the JSON that stands for it."""
Resolve = Callable[[Any], Any]
"""The way back."""

_SCALARS = frozenset({type(None), bool, int, float, str})
_LONGEST_ITERATOR = 10_000
# Of longer integers the decimal digits cost more than all else: their number squared.
_BITS_IN_DECIMAL = 10_000
_ARRAY_TYPE = re.compile(r"[<>|=][biufcSU]\d+")


def _items(values: Any, opaque: Opaque) -> list[Any]:
    return [encode(value, opaque) for value in values]


def _pairs(mapping: Any, opaque: Opaque) -> list[Any]:
    return [[encode(k, opaque), encode(v, opaque)] for k, v in dict.items(mapping)]


def _iterator(values: Any, opaque: Opaque) -> list[Any]:
    return _items(itertools.islice(values, _LONGEST_ITERATOR), opaque)


def _text(value: Any, _: Opaque) -> str:
    return str(value)


def _iso(value: Any, _: Opaque) -> str:
    text: str = value.isoformat()
    return text


_TAGS: dict[type, tuple[str, Callable[[Any, Opaque], Any]]] = {
    tuple: ("tuple", _items),
    dict: ("dict", _pairs),
    set: ("set", _items),
    frozenset: ("frozenset", _items),
    bytes: ("bytes", lambda value, _: value.hex()),
    bytearray: ("bytearray", lambda value, _: value.hex()),
    complex: ("complex", lambda value, _: [value.real, value.imag]),
    range: ("range", lambda value, _: [value.start, value.stop, value.step]),
    slice: ("slice", lambda value, _: [value.start, value.stop, value.step]),
    decimal.Decimal: ("Decimal", _text),
    fractions.Fraction: ("Fraction", lambda value, _: [value.numerator, value.denominator]),
    collections.Counter: ("Counter", _pairs),
    collections.OrderedDict: ("OrderedDict", _pairs),
    collections.deque: ("deque", lambda value, opaque: [value.maxlen, _items(value, opaque)]),
    type({}.keys()): ("keys", _items),
    type({}.values()): ("values", _items),
    type({}.items()): ("items", _items),
    datetime.datetime: ("datetime", _iso),
    datetime.date: ("date", _iso),
    datetime.time: ("time", _iso),
    datetime.timedelta: (
        "timedelta",
        lambda value, _: [value.days, value.seconds, value.microseconds],
    ),
}
# Whose subclasses are sent as the value that they extend, by methods that they cannot replace.
_BASES: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (int, int.__int__),
    (float, float.__float__),
    (str, str.__str__),
    (tuple, lambda value: tuple(tuple.__iter__(value))),
    (list, lambda value: list(list.__iter__(value))),
    (dict, lambda value: dict(dict.items(value))),
    (set, lambda value: set(set.__iter__(value))),
    (frozenset, lambda value: frozenset(frozenset.__iter__(value))),
    (bytes, lambda value: bytes(bytes.__iter__(value))),
)


def encode(value: Any, opaque: Opaque) -> Any:
    """JSON for `value`. Raises whatever an iterator among the values raises."""
    kind = type(value)
    if kind in _SCALARS:
        is_long = kind is int and value.bit_length() > _BITS_IN_DECIMAL
        return {"int": hex(value)} if is_long else value
    if kind is list:
        return value if _SCALARS.issuperset(map(type, value)) else _items(value, opaque)
    if kind in _TAGS:
        tag, content = _TAGS[kind]
        return {tag: content(value, opaque)}
    if isinstance(value, Iterator):
        return {"iterator": _iterator(value, opaque)}
    for base, plain in _BASES:
        if isinstance(value, base):
            return encode(plain(value), opaque)
    return _encode_array(value, opaque)


def _encode_array(value: Any, opaque: Opaque) -> Any:
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic) and type(value.item()) in _SCALARS:
        return value.item()
    if numpy is not None and isinstance(value, numpy.ndarray):
        kind = value.dtype.str
        if _ARRAY_TYPE.fullmatch(kind):
            return {"array": [kind, _items(value.tolist(), opaque)]}
    return opaque(value)


def _decode_array(content: Any) -> Any:
    kind, values = content
    if not _ARRAY_TYPE.fullmatch(kind):
        raise ValueError("not an array of plain values")
    return importlib.import_module("numpy").array(values, dtype=kind)


_DECODERS: dict[str, Callable[[Any], Any]] = {
    "tuple": tuple,
    "dict": dict,
    "set": set,
    "frozenset": frozenset,
    "bytes": bytes.fromhex,
    "bytearray": bytearray.fromhex,
    "complex": lambda content: complex(*content),
    "range": lambda content: range(*content),
    "slice": lambda content: slice(*content),
    "Decimal": decimal.Decimal,
    "Fraction": lambda content: fractions.Fraction(*content),
    "Counter": lambda content: collections.Counter(dict(content)),
    "OrderedDict": collections.OrderedDict,
    "deque": lambda content: collections.deque(content[1], content[0]),
    "keys": lambda content: dict.fromkeys(content).keys(),
    "values": lambda content: dict(enumerate(content)).values(),
    "items": lambda content: dict(content).items(),
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timedelta": lambda content: datetime.timedelta(*content),
    "int": lambda content: int(content, 16),
    "iterator": iter,
    "array": _decode_array,
}


def decode(data: Any, resolve: Resolve) -> Any:
    """The value of JSON that `encode` made, or that only looks so.

    Raises:
        Exception: it is none; of any kind, as an attacker may have written it.
    """
    if type(data) is list:
        return data if _SCALARS.issuperset(map(type, data)) else [decode(v, resolve) for v in data]
    if type(data) is not dict:
        return data
    ((tag, content),) = data.items()
    if tag == "object":
        return resolve(content)
    return _DECODERS[tag](decode(content, resolve))


def dump(data: Any) -> bytes:
    """JSON in ASCII, with integers of any length."""
    return _with_long_integers(lambda: json.dumps(data).encode("ascii"))


def load(text: bytes) -> Any:
    """The inverse of `dump`."""
    return _with_long_integers(lambda: json.loads(text))


def _with_long_integers(call: Callable[[], T]) -> T:
    usual = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return call()
    finally:
        sys.set_int_max_str_digits(usual)
