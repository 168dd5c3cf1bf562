"""Solutions whose text is proof: what they may hold, and what no place in them may hide."""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import itertools
from dataclasses import replace
from textwrap import dedent, indent

import pytest

from pytest_aibench.problems.judging import Rules
from pytest_aibench.sandbox.languages.python_computing import (
    ANNOTATING,
    CALLED,
    COMPUTING,
    MODULES,
)
from pytest_aibench.sandbox.languages.python_plain import is_plain
from pytest_aibench.sandbox.program import Program
from tests.docker import hostile
from tests.docker.hostile import forgeries, insiders

TESTS = "def check(candidate):\n    assert candidate(1) == 2\n\ncheck(f)\n"
PREAMBLE = "import math\nimport sys\nimport re\nfrom typing import *\nfrom collections import *\n"


def plain(solution: str, tests: str = TESTS, *, preamble: str = "", entry: str = "f") -> bool:
    return is_plain(
        Program(
            "python",
            dedent(solution),
            tests,
            rules=Rules(preamble=preamble),
            entry_point=entry,
        )
    )


PLAIN = {
    "a function": "def f(x): return x + 1",
    "annotations": "from typing import Callable, List, Optional\n"
    "def f(x: List[int], y: 'text' = 1) -> Optional[Callable[[int], None]]:\n"
    "    'Doc.'\n    z: int = 1\n    return x",
    "helpers": "def g(x): return x\ndef f(x): return g(x) + 1",
    "a local function": "def f(x):\n    def g(y=[]): return y\n    return g()",
    "a closure": "def f(x):\n    def g():\n        nonlocal x\n        x += 1\n    return g(), x",
    "constants": "N = 1\nM = -1\nV = ('a', (2, 3))\ndef f(x): return x + N",
    "a default": "def f(x, y=1, *, z=None): return x + y",
    "modules": "import math, re, heapq, typing\nfrom collections import Counter, deque\n"
    "def f(x: typing.List[int] | None):\n    import itertools\n"
    "    a = re.sub('a', 'b', x).split(), Counter(x).most_common(1), deque(map(math.floor, x))\n"
    "    return itertools.chain.from_iterable(heapq.nlargest(1, [x])), re.compile('a').match(x)",
    "exceptions": "def f(x):\n    try:\n        raise ValueError(x)\n    except (ValueError, "
    "KeyError) as e:\n        print(e)\n    finally:\n        pass",
    "comprehensions": "def f(x): return sum(i for i in {j: 1 for j in {k for k in [x]}})",
    "names of builtins as its own": "def f(list, str):\n    max = list\n    return max",
    "texts": "def f(x): return f'{x!r:>3}' + '%d' % x + '{} {0:.2f} {n!r}'.format(x, n=x)",
    "methods": "def f(x):\n    x.sort(key=lambda v: v[1])\n    return x.pop().strip().split()",
    "loops": "def f(x):\n    while x:\n        x -= 1\n        if x: continue\n        break\n"
    "    for i, (a, *b) in x: del b[0]\n    assert x\n    return x if x else -x",
}  # fmt: skip


@pytest.mark.parametrize("solution", PLAIN.values(), ids=PLAIN)
def test_is_plain(solution: str) -> None:
    assert plain(solution)
    ast.parse(solution)


# Each of them, somewhere in a solution, could interfere with tests or keep something for later.
EXPRESSIONS = (
    "eval('1')", "exec('1')", "compile('1', '', 'exec')", "__import__('os')", "open('f')",
    "input()", "globals()", "locals()", "vars()", "dir()", "getattr(x, 'a')", "setattr(x, 'a', 1)",
    "delattr(x, 'a')", "hasattr(x, 'a')", "type('A', (), {})", "type(x)", "object()", "super()",
    "property(x)", "memoryview(b'')", "next(iter([]))", "StopIteration", "SystemExit", "exit()",
    "breakpoint()", "help()", "NotImplemented", "BaseException", "GeneratorExit", "aiter(x)",
    "x.__class__", "x.__dict__", "x.gi_frame", "x.f_back", "x.tb_frame", "x.cr_frame",
    "x.f_globals", "x.__globals__", "x.__code__", "x.__traceback__", "x.mro", "x.__eq__",
    "x.format(x)", "'{0.__class__}'.format(x)", "'{0[a]}'.format(x)", "'{:{0.a}}'.format(x)",
    "'{x.a}'.format(x=x)", "'{'.format(x)", "'{}'.format_map(x)", "str.format('{0.a}', x)",
    "x.attrgetter", "x.system", "x.modules", "x.sys", "x.cmp_to_key(x)", "(y := 1)",
    "__builtins__", "__name__", "__debug__", "check", "check(x)", "METADATA", "unknown",
    "x.func_globals", "x.with_traceback(x)", "x.args", "x.string", "x.re", "x.default_factory",
    "x.tee(x)", "hash(x)", "f'{x:{y}}'", "f'{x:{{}}}'", "f'{x:{y}{{out.append(x)}}}'",
    "[y async for y in x]",
)  # fmt: skip
HIDING_PLACES = (
    "def f(x): return {}",
    "def f(x, y={}): return x",
    "def f(x: {}): return x",
    "def f(x):\n    def g(y={}): return y\n    return g",
    "def f(x): return lambda: {}",
    "def f(x): return [1 for _ in x if {}]",
    'def f(x): return f"""{{{}}}"""',
    "def f(x): return x[{}:]",
    "def f(x): print(1, sep={})",
    "def f(x):\n    for y in {}: pass",
    "def f(x):\n    try: pass\n    except {}: pass",
    "def f(x):\n    assert x, {}",
    "def f(x):\n    y: int = {}",
    "Y = {}\ndef f(x): return x",
    "{}\ndef f(x): return x",
)


def test_nothing_hides_what_interferes() -> None:
    missed = []
    for place, what in itertools.product(HIDING_PLACES, EXPRESSIONS):
        solution = place.format(what)
        if plain(solution, TESTS + "METADATA = {}\n"):
            missed.append(solution)
    assert missed == []


def test_the_hiding_places_hide_what_is_plain() -> None:
    harmless = [place for place in HIDING_PLACES[:-2] if "{}=" not in place and "={}" not in place]
    assert [place for place in harmless if not plain(place.format("int"))] == []
    assert len(harmless) == 10


STATEMENTS = (
    "class A: pass", "import os", "import os.path", "import collections.abc", "from os import *",
    "from math import *", "from typing import *", "from . import math", "from .math import sqrt",
    "from functools import cmp_to_key", "from functools import lru_cache", "global y",
    "x.a = 1", "x.a += 1", "del x.a", "with x: pass", "yield x", "yield from x", "await x",
    "async def g(): pass", "import math as __builtins__", "from math import pi as __builtins__",
    "__builtins__ = {}", "def __build_class__(): pass", "for x.a in y: pass",
    "for check in x: pass", "import math as check", "import math as open",
    "def getattr(): pass", "eval = 1", "@f\ndef g(): pass", "@print\ndef g(): pass",
    "try:\n    pass\nexcept ValueError as getattr:\n    pass", "print(y := 1)",
    "match x:\n    case object(a=1): pass", "try:\n    pass\nexcept* ValueError:\n    pass",
    "def g(x, *check): pass", "lambda __class__: 1", "from typing import NamedTuple",
    "from collections import namedtuple", "from string import Formatter", "import operator",
    "from copy import copyreg", "from copy import deepcopy", "import statistics", "import numpy",
    "import heapq as hq", "from math import floor as f2", "from math import sin, unknown",
    "from typing import cast", "x: abs(1) = 1", "x: f = 1", "x: 'a'.b = 1", "x: [i for i in a] = 1",
    "''.format = 1", "import random", "import sys",
)  # fmt: skip


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_that_could_interfere(statement: str) -> None:
    body = indent(statement, "    ")
    assert not plain(f"{statement}\ndef f(x):\n    return x\n")
    assert not plain(f"def f(x):\n{body}\n    return x\n")
    assert not plain(f"def f(x):\n    def g(z):\n{indent(body, '    ')}\n    return x\n")


# At its top level a solution could leave something for the tests, or for its next call.
TOP_LEVEL = (
    "KEPT = []", "KEPT = {}", "KEPT = (1, [])", "KEPT = f'{1}'", "KEPT = f", "KEPT = abs(1)",
    "KEPT: int = 1", "KEPT += 1", "KEPT, X = 1, 2", "KEPT[0] = 1", "abs = 1", "print = None",
    "math = 1", "helper = 1", "def abs(x): return 0", "f = abs",
    "from math import floor as abs", "from math import pow", "import re as math",
    "from math import floor as helper", "def g(x=[]): return x", "def g(*, x={}): return x",
    "def g(x=f): return x", "if True:\n    KEPT = []", "for i in (1, 2): pass", "while False: pass",
    "f(1)", "print(1)", "assert True", "del f", "try:\n    pass\nfinally:\n    pass", "pass",
    "lambda: 1", "f",
)  # fmt: skip


@pytest.mark.parametrize("statement", TOP_LEVEL)
def test_a_top_level_that_leaves_something(statement: str) -> None:
    tests = TESTS + "helper(math.pi)\n"
    solution = "def f(x):\n    return x\n"
    assert plain(solution, tests)
    assert not plain(f"{solution}{statement}\n", tests)


@pytest.mark.parametrize(
    "source",
    ["def f(x:", "def f(x): return '\0'", "\ufeffdef", "return 1", "x" * 70_000, "(" * 5000,
     "def f(x): return x.\uff3f_class\uff3f_"],
)  # fmt: skip
def test_what_is_no_program_is_not_plain(source: str) -> None:
    assert not plain(source, "assert f(1)\n")


def test_a_name_in_other_letters_is_the_same_name() -> None:
    assert not plain("def f(x): return \U0001d552eval")
    assert not plain("def f(x): return \U0001d556val('1')")
    assert not plain("def f(x): return x.__\U0001d554lass__")


def test_what_the_tests_bind_is_out_of_reach() -> None:
    reads = "def f(x): return expected[x]"
    assert plain("def f(x): return x", "expected = [1]\nassert f(0) == expected[0]\n")
    assert not plain(reads, "expected = [1]\nassert f(0) == expected[0]\n")
    shadowed = "def g():\n    expected = 0\ndef f(x): return expected[x]"
    assert not plain(shadowed, "expected = [1]\nassert f(0) == expected[0]\n")
    assert not plain("def f(x): return abs(x)", "def abs(x): return 1\nassert f(0) == 1\n")
    hidden = "def bind():\n    global expected\n    expected = 1\nbind()\nassert f(0) == 1\n"
    assert not plain(reads, hidden)


def test_tests_that_import_everything_bind_nobody_knows_what() -> None:
    assert not plain("def f(x): return x", "from math import *\nassert f(1) == pi\n")


def test_a_helper_of_the_prompt_is_not_the_solutions_to_define() -> None:
    solution = "def helper(x): return 0\ndef f(x): return 1\n"
    tests = "assert helper(f(1)) == 0\n"
    program = Program(
        "python", solution, tests, entry_point="f", context="def helper(x):\n    return x + 1\n"
    )
    assert not is_plain(program)
    assert plain(solution, tests)  # without it in the prompt, both are what is tested


def test_a_preamble_offers_modules_that_compute() -> None:
    assert plain("def f(x: List[int]): return math.pi + len(Counter(x))", preamble=PREAMBLE)
    for solution in (
        "def f(x): return sys",
        "def f(x): return namedtuple('A', 'b')",
        "def g():\n    sys = 1\ndef f(x): return sys",
        "def g():\n    NamedTuple = 1\ndef f(x): return NamedTuple",
    ):
        assert not plain(solution, preamble=PREAMBLE)


@pytest.mark.parametrize(
    "preamble", ["x = 1\n", "from numpy import *\n", "from math import *\n", "import os as abs\n"]
)
def test_other_preambles_leave_no_solution_plain(preamble: str) -> None:
    assert not plain("def f(x): return x", preamble=preamble)


# Each of them passes tests that it could not pass apart, or did for a while.
FORGERIES = {
    "a method in Python makes a class": """
        from collections import Counter
        def f(x):
            return Counter.copy(int)('A', (), {'__eq__': lambda *a: True})()
        """,
    "so it does through an alias": """
        from collections import Counter
        def f(x):
            return Counter[int].copy(int)('A', (), {})()
        """,
    "and as a value": """
        import collections
        def f(x):
            return list(map(collections.Counter, x))
        """,
    "typing's": """
        import typing
        def f(x):
            return typing.Counter.copy(int)
        """,
    "a copy that looks up what its memo says": """
        from copy import deepcopy
        def f(x):
            return deepcopy(str.upper, {(hash(str) << 4): f, 1: '__globals__'})['expected'][x]
        """,
    "a view of keys that are not there": """
        from typing import Mapping
        def f(x):
            return Mapping.keys([1] * x)
        """,
    "a type as a value": """
        from typing import List
        def f(x):
            return [List]
        """,
    "a function in Python as a value": """
        from re import escape
        def f(x):
            return map(escape, x)
        """,
    "a module as a value": """
        import re
        def f(x):
            r = re
            return r.compile
        """,
    "a module's function in Python as a value": """
        import re
        def f(x):
            return map(re.split, x)
        """,
    "more of a module than is listed": """
        import re
        def f(x):
            return re.enum.Enum('A', 'b')
        """,
    "more of typing in an annotation": """
        import typing
        def f(x: typing.NamedTuple('A', [])):
            return x
        """,
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_was_once_a_forgery_is_not_plain(name: str) -> None:
    tests = "expected = {1: 2}\nassert f(1) == expected[1]\n"
    assert plain("def f(x): return x", tests)
    assert not plain(FORGERIES[name], tests)


def test_tests_that_share_their_values_leave_no_solution_plain() -> None:
    assert not plain("def f(x): return x", "a = [1]\nassert f(a) == a\n")
    assert not plain("def f(x): return x", "class A:\n    a = f(1)\nassert A.a\n")


def test_a_constant_of_the_prompt_is_not_the_solutions_to_define() -> None:
    tests = "class A:\n    N = N\nassert f(1) == A.N\n"
    program = Program(
        "python", "N = 5\ndef f(x): return 5", tests, entry_point="f", context="N = 1"
    )
    assert not is_plain(program)
    assert is_plain(replace(program, solution="def f(x): return 5"))


def test_tests_may_bind_names_within_expressions() -> None:
    tests = "[expected := [1] for _ in 'a']\nassert f(0) == 1\n"
    assert not plain("def g():\n    expected = 0\ndef f(x): return expected[x]", tests)


def test_a_thousand_cases_are_read() -> None:
    cases = "".join(f"    elif x == {i}: return {i}\n" for i in range(900))
    assert plain(f"def f(x):\n    if x < 0: return 0\n{cases}")


def test_no_forgery_is_plain() -> None:
    rows = [row for row in (*forgeries.ROWS, *insiders.ROWS) if "passed" not in row.allowed.split()]
    assert [row.name for row in rows if plain(dedent(row.source), hostile.TESTS, entry="add")] == []
    assert len(rows) > 40


def test_every_listed_name_exists() -> None:
    for table in (MODULES, CALLED, {"typing": ANNOTATING, "builtins": COMPUTING}):
        for module, names in table.items():
            assert names <= {*dir(importlib.import_module(module))}


def test_what_may_be_a_value_is_written_in_c() -> None:
    for module, names in MODULES.items():
        found = (getattr(importlib.import_module(module), name) for name in names)
        assert not any(map(inspect.isfunction, found))
    assert not any(inspect.isfunction(vars(builtins)[name]) for name in COMPUTING)
