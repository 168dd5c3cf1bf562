"""Profiles: how other harnesses ask, cut, compose, limit and count, one declaration for each.

`docs/parity.md` says what of each is proven equal, and what differs on purpose.
"""

from __future__ import annotations

from pytest_aibench.errors import UsageError
from pytest_aibench.profiles.bigcode import BIGCODE
from pytest_aibench.profiles.evalplus import EVALPLUS
from pytest_aibench.profiles.human_eval import HUMAN_EVAL
from pytest_aibench.profiles.multipl_e import MULTIPL_E
from pytest_aibench.profiles.profile import AIBENCH, NotCovered, Profile, Task

__all__ = ["PROFILES", "NotCovered", "Profile", "Task", "get_profile"]

PROFILES = {p.name: p for p in (AIBENCH, BIGCODE, HUMAN_EVAL, EVALPLUS, MULTIPL_E)}


def get_profile(name: str) -> Profile:
    """The profile of that name.

    Raises:
        UsageError: there is none.
    """
    try:
        return PROFILES[name]
    except KeyError:
        known = ", ".join(PROFILES)
        raise UsageError(f"there is no profile named {name!r} (known: {known})") from None
