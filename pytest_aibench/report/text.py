"""Numbers and words as people read them; the JSON keeps full precision."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_aibench.scoring.interval import Estimate

__all__ = ["count", "duration", "interval", "kind_name", "percent", "plural", "wrap"]


def percent(value: float) -> str:
    """`22.0 %`; never `0.0 %` or `100.0 %` for what is neither."""
    if 0.0 < value < 0.0005:
        return "<0.1 %"
    if 0.9995 <= value < 1.0:
        return ">99.9 %"
    return f"{value * 100:.1f} %"


def interval(estimate: Estimate) -> str:
    """`22.0 % [17.4, 27.4]`: the value and its interval in per cent."""
    low, high = estimate.low * 100, estimate.high * 100
    return f"{percent(estimate.value)} [{low:.1f}, {high:.1f}]"


def count(number: int) -> str:
    """`32,800`."""
    return f"{number:,}"


def plural(number: int, noun: str) -> str:
    """`1 problem`, `1,640 problems`."""
    return f"{count(number)} {noun}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """`0.4 s`, `41 s`, `2 min 13 s`, `3 h 05 min`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def kind_name(kind: str) -> str:
    """`wrong_answer` as `wrong answer`."""
    return kind.replace("_", " ")


def wrap(words: Iterable[str], width: int, separator: str = " · ") -> list[str]:
    """`words` joined into lines of at most `width` columns; a longer word has its own line."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + len(separator) + len(word) <= width:
            lines[-1] += separator + word
        else:
            lines.append(word)
    return lines
