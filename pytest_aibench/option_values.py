"""From the text of an option to its value: pure functions that say what they expect."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

__all__ = [
    "any_int",
    "fraction",
    "host_url",
    "one_of",
    "parse_pass_at",
    "positive_int",
    "probability",
    "seconds",
    "temperature",
    "utf8_text",
]

T = TypeVar("T")


def positive_int(text: str) -> int:
    """1, 2, 3, ..."""
    return _number(text, int, lambda v: v >= 1, "a whole number from 1 up")


def any_int(text: str) -> int:
    """Any whole number."""
    return _number(text, int, lambda _: True, "a whole number")


def temperature(text: str) -> float:
    """0 (greedy) or above."""
    return _number(text, float, lambda v: 0 <= v <= 100, "a number from 0 up")


def probability(text: str) -> float:
    """A number in (0, 1]."""
    return _number(text, float, lambda v: 0 < v <= 1, "a number above 0 and up to 1")


def fraction(text: str) -> float:
    """A number in [0, 1]."""
    return _number(text, float, lambda v: 0 <= v <= 1, "a number from 0 to 1")


def seconds(text: str) -> float:
    """A time above 0: `90`, `90s`, `15m` or `2h`."""
    unit = {"s": 1, "m": 60, "h": 3600}.get(text[-1:], 0)
    number = text[:-1] if unit else text
    return (unit or 1) * _number(number, float, lambda v: v > 0, "a time such as 90s, 15m or 2h")


def host_url(text: str) -> str:
    """The address of a Docker engine, with no password in it."""
    expected = "unix:///SOCKET, ssh://USER@BOX or tcp://BOX:PORT"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected {expected}, got {text!r}") from None
    place = {"unix": parts.path, "ssh": parts.hostname, "tcp": parts.hostname and port}
    if not place.get(parts.scheme):
        raise argparse.ArgumentTypeError(f"expected {expected}, got {text!r}")
    if parts.password is not None:
        raise argparse.ArgumentTypeError("expected a host without a password in it: use a key")
    return text


def utf8_text(text: str) -> str:
    """Text that can be sent to a server and to another process: without lone surrogates."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise argparse.ArgumentTypeError(
            f"expected text in UTF-8, got {text[error.start]!a} at {error.start}"
        ) from None
    return text


def one_of(*choices: str) -> Callable[[str], str]:
    """A parser that takes these words only."""

    def parse(text: str) -> str:
        if text not in choices:
            raise argparse.ArgumentTypeError(f"expected one of {', '.join(choices)}, got {text!r}")
        return text

    return parse


def parse_pass_at(text: str) -> tuple[int, ...]:
    """`"1,10,100"` -> `(1, 10, 100)`: sorted, without repeats."""
    parts = [p for p in text.replace(" ", "").split(",") if p]
    if not parts:
        raise argparse.ArgumentTypeError("expected numbers separated by commas, such as 1,10")
    return tuple(sorted({positive_int(p) for p in parts}))


def _number(text: str, kind: Callable[[str], T], accept: Callable[[T], bool], what: str) -> T:
    try:
        value = kind(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected {what}, got {text!r}") from None
    if not accept(value):
        raise argparse.ArgumentTypeError(f"expected {what}, got {text!r}")
    return value
