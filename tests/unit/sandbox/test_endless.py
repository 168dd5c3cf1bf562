"""What is proven endless is endless, and whether a program is watched changes nothing in it."""

from __future__ import annotations

import ast
import collections
import copy
import importlib
import inspect
from textwrap import dedent
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from supervisor.languages.python_endless import Description
from supervisor.languages.python_loops import Scope, Unfit, examine
from supervisor.languages.python_openness import _DETOURS, _MODULES, speaks_openly

from tests.unit.sandbox.ending_programs import ENDING
from tests.unit.sandbox.endless import outcome
from tests.unit.sandbox.endless_programs import ENDLESS


@pytest.mark.parametrize("at", [12, 60])
@pytest.mark.parametrize("name", ENDLESS)
def test_endless(name: str, at: int) -> None:
    assert outcome(dedent(ENDLESS[name]), at, "f(1)\n").startswith("line ")


@pytest.mark.parametrize("at", [4, 23, 60])
@pytest.mark.parametrize("name", ENDING)
def test_ending(name: str, at: int) -> None:
    assert outcome(dedent(ENDING[name]), at) == "ended"


LOOP = "def f(n):\n    while n:\n        n = -n\n"


def test_the_timer_looks_by_itself() -> None:
    assert outcome(LOOP, None, "f(1)\n") == "line 2"


def admit(statement: str) -> None:
    tree = ast.parse(f"while n:\n    {statement}\n")
    loop, frame = tree.body[0], inspect.currentframe()
    assert isinstance(loop, ast.While)
    assert frame is not None
    examine(tree, loop, Scope(frame))


@pytest.mark.parametrize(
    "statement",
    [
        "n = sum(i for i in a) if a is not None else max(zip(a, b))",
        "for i, (k, *v) in enumerate(d.items()): a[i:] = sorted(map(str, v), key=len)",
        "n = [*zip(a, b)] + [x in {1, 2} for x in range(3) if f'{x:>{n}}']",
    ],
)
def test_what_the_language_knows(statement: str) -> None:
    admit(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "n = n is m",
        "n = None is m",
        "n = str(zip(a))",
        "n = [map(str, a)]",
        "n = max(zip(a), zip(a))",
        "n = sum(a, zip(a))",
        "n = (i for i in a)",
        "n = d.keys() - d.items()",
        "n = '{}'.format(n)",
        "n = {1, n}",
        "n = set(a)",
        "n = {i for i in a}",
        "n = id(n)",
        "n = hash(n)",
        "n = next(n)",
        "n = n.m",
        "n.m = 1",
        "n = lambda: 1",
        "n = (m := 1)",
        "n = [f(1) for f in a]",
        "n = abs; abs = n; n = abs(1)",
        "n = math.floor(n)",
        "n @= absent(n)",
        "with n: pass",
        "import math",
        "def f(): pass",
        "for n.m in a: pass",
        "global n",
    ],
)
def test_what_the_language_has_no_words_for(statement: str) -> None:
    with pytest.raises(Unfit):
        admit(statement)


@pytest.mark.parametrize("text", ["import signal\n", "def g():\n    yield\n"])
def test_who_could_arrange_its_end_is_not_watched(text: str) -> None:
    assert outcome(text + LOOP, 30, "f(1)\n") == "time"
    assert outcome(LOOP, 30, text + "f(1)\n") == "time"


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "import math, threading",
        "from signal import alarm",
        "from . import math",
        "from typing import sys",
        "import typing as t; t.sys",
        "import random; random._os",
        "eval('1')",
        "getattr(1, 'real')",
        "().__class__",
        "type('A', (), {})",
    ],
)
def test_what_reaches_elsewhere(text: str) -> None:
    assert not speaks_openly(ast.parse(text))


def test_what_stays_within_the_program() -> None:
    text = "import math\nfrom typing import List\nclass A(list):\n    n = math.pi\nprint(A().n)"
    assert speaks_openly(ast.parse(text))


@pytest.mark.parametrize("name", sorted(_MODULES))
def test_every_way_out_of_a_module_is_known(name: str) -> None:
    found = {
        word
        for word, value in vars(importlib.import_module(name)).items()
        if isinstance(value, ModuleType) or (isinstance(value, type) and issubclass(value, type))
        if not word.startswith("_")
    }
    assert found <= _DETOURS | _MODULES


def described(*values: object) -> list[object]:
    description = Description()
    for value in values:
        description.add(value)
    return description.parts


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from([0.0, -0.0, 1.0, "", "1", b""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.integers(0, 2) | st.booleans(), inner, max_size=2)
    ),
    max_leaves=6,
)


@given(VALUES, VALUES)
def test_a_description_is_equal_where_the_values_are_the_same(one: object, two: object) -> None:
    assert (described(one) == described(two)) == (repr(one) == repr(two))
    assert described(one) == described(copy.deepcopy(one))


@given(VALUES)
def test_one_list_is_not_two(value: object) -> None:
    once, twice = [value], [copy.deepcopy(value)]
    assert described(once, once) != described(once, twice)
    assert described(once, twice) == described(twice, once)


@pytest.mark.parametrize(
    "value", [float("nan"), {1}, frozenset(), 1j, bytearray(), iter([]), len, collections.Counter()]
)
def test_what_is_not_plain_has_no_description(value: object) -> None:
    with pytest.raises(Unfit):
        described([value])
