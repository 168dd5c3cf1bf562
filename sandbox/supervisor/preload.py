"""Modules that programs of benchmarks import often, loaded once before any sample forks.

Not those that only guards import: they bring `threading`, whose clean-up after a fork costs every
sample a sixth of its CPU time.
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
import random
import re
import statistics
import string
import textwrap
import traceback
import typing
from importlib import import_module

_OF_GUARDS = ("shutil", "subprocess")


def for_guards() -> None:
    """Load what guards import, too."""
    for name in _OF_GUARDS:
        import_module(name)
