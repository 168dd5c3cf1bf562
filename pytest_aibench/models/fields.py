"""Fields of a server's JSON, which may hold anything."""

from __future__ import annotations

from typing import Any

__all__ = ["as_count", "as_dict", "as_list", "as_text"]


def as_dict(value: Any) -> dict[str, Any]:
    """`value` if it is an object, else {}."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """`value` if it is a list, else []."""
    return value if isinstance(value, list) else []


def as_text(value: Any) -> str:
    """`value` if it is a text, else ""."""
    return value if isinstance(value, str) else ""


def as_count(value: Any) -> int:
    """`value` if it is a number from 0 up, else 0."""
    return int(value) if isinstance(value, int | float) and 0 <= value < 1e15 else 0
