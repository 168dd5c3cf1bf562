"""Modules that programs of benchmarks import often, loaded once before any sample forks.

Not those that only guards import: they bring `threading`, whose clean-up after a fork costs every
sample a sixth of its CPU time. For the same reason `random`, which seeds itself anew after
every fork, is made to do so only where a program speaks of it.
"""

# ruff: noqa: F401
import abc
import array
import bisect
import cmath
import collections
import collections.abc
import copy
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import hashlib
import heapq
import io
import itertools
import math
import operator
import os
import re
import string
import textwrap
import traceback
import typing
from collections.abc import Callable
from importlib import import_module

_hooks: list[Callable[[], object]] = []


def _defer(*, after_in_child: Callable[[], object]) -> None:
    _hooks.append(after_in_child)


_register, os.register_at_fork = os.register_at_fork, _defer  # type: ignore[assignment]
import random  # noqa: E402

os.register_at_fork = _register
# These load `random`, too:
import statistics  # noqa: E402

_OF_GUARDS = ("shutil", "subprocess")


def for_guards() -> None:
    """Load what guards import, too."""
    for name in _OF_GUARDS:
        import_module(name)


def reseed(text: str) -> None:
    """Seed `random` anew, here and in processes that this one forks, if `text` speaks of it."""
    if "random" in text:
        while _hooks:  # once, as the program may choose a seed of its own
            hook = _hooks.pop()
            hook()
            os.register_at_fork(after_in_child=hook)
