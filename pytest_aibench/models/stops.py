"""Stop texts, cut here so that every server's replies end alike."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["cut_at_stop"]


def cut_at_stop(text: str, stops: Sequence[str]) -> str:
    """`text` up to the earliest of `stops`.

    Servers differ: some keep the stop text, some cut at the first one listed, some take only four.
    """
    found = [at for stop in stops if stop and (at := text.find(stop)) >= 0]
    return text[: min(found)] if found else text
