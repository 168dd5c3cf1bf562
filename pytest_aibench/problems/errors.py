"""What can be wrong with a data set, told apart where callers act differently."""

from __future__ import annotations

from pytest_aibench.errors import DataError

__all__ = ["DataAbsent"]


class DataAbsent(DataError):  # noqa: N818 - reads as the state it is
    """The data can be had nowhere: a reason to skip a benchmark, unlike altered data."""
