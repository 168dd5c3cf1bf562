"""Reasoning that a server left in the text of a reply."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Spoken", "without_reasoning"]


class Spoken(NamedTuple):
    """`text` after the reasoning; `unclosed` where the reply ended inside its reasoning."""

    text: str
    unclosed: bool = False
    removed: bool = False


_NAMES = "think|thinking|thought|reasoning|reflection|seed:think"
_OPENING = re.compile(rf"\s*<({_NAMES})>", re.IGNORECASE)
# A closing tag without its opening one: chat templates often put the opening tag into the prompt.
# It counts at the end of a line only, so that code which has such a tag in a string stays whole.
_CLOSING = re.compile(rf"</(?:{_NAMES})>[ \t]*$", re.IGNORECASE | re.MULTILINE)
# OpenAI's harmony format: what the user is to see is the message of the last "final" channel.
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w{1,20})[^\n]{0,100}?<\|message\|>")
_CHANNEL_END = re.compile(r"<\|(?:end|return|call|start)\|>")


def without_reasoning(text: str) -> Spoken:
    """`text` without its reasoning: tags such as `<think>`, or harmony's channels. Linear time."""
    if _CHANNEL.search(text):
        return _final_channel(text)
    opening = _OPENING.match(text)
    if opening:
        return _after_opening(text, opening)
    closings = list(_CLOSING.finditer(text))
    if closings:
        return Spoken(text[closings[-1].end() :], removed=True)
    return Spoken(text)


def _after_opening(text: str, opening: re.Match[str]) -> Spoken:
    closing = re.compile(f"</{re.escape(opening[1])}>", re.IGNORECASE).search(text, opening.end())
    if closing is None:
        return Spoken("", unclosed=True, removed=True)
    return Spoken(text[closing.end() :], removed=True)


def _final_channel(text: str) -> Spoken:
    finals = [m for m in _CHANNEL.finditer(text) if m[1] == "final"]
    if not finals:
        return Spoken("", unclosed=True, removed=True)
    start = finals[-1].end()
    end = _CHANNEL_END.search(text, start)
    return Spoken(text[start : end.start() if end else len(text)], removed=True)
