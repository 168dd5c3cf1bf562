"""The alarm for samples that are no samples: the same reply again and again at temperature > 0."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pytest_aibench.models.base import Reply

__all__ = ["Collapse", "find_collapse", "reply_hash"]

MIN_PROBLEMS = 5
SUSPICIOUS_SHARE = 0.9
"""Easy problems get equal replies by nature: of gpt-3.5-turbo, at temperature 0.2 and 10 samples,
19 % of HumanEval's problems did. A server that ignores the seed gives them to all."""


@dataclass(frozen=True, slots=True)
class Collapse:
    """`collapsed` of `problems` had equal replies in all of their samples."""

    collapsed: int
    problems: int

    def __str__(self) -> str:
        return (
            f"{self.collapsed} of {self.problems} problems got the same reply in every sample, "
            "though the temperature is above 0: the server may ignore the seed or a proxy may "
            "cache. Pass@K for k > 1 then says no more than Pass@1"
        )


def reply_hash(reply: Reply) -> str:
    """Equal for equal replies, reasoning included; 16 hexadecimal digits."""
    text = f"{len(reply.reasoning)}\0{reply.reasoning}{reply.text}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def find_collapse(
    replies: Mapping[str, Sequence[str]], temperature: float | None
) -> Collapse | None:
    """Whether most problems with several samples got but one reply; None where all is well.

    `replies` holds the reply hashes of each problem. A temperature that was not set is the
    server's default, which is above 0.
    """
    if temperature == 0:
        return None
    several = [hashes for hashes in replies.values() if len(hashes) > 1]
    collapsed = sum(len(set(hashes)) == 1 for hashes in several)
    if len(several) < MIN_PROBLEMS or collapsed < SUSPICIOUS_SHARE * len(several):
        return None
    return Collapse(collapsed, len(several))
