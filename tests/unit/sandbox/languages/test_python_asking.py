"""Which tests share nothing with what they test."""

from __future__ import annotations

import pytest

from pytest_aibench.sandbox.languages.python_asking import shares_nothing

SIMPLE = (
    "assert f(1) == 2",
    "assert f([1, (2, {3})], x={'a': -1.5}) == [f(2 + 3)], 'message'",
    "assert abs(f(float('inf'), list(range(3)), [0] * 9) - 1.5) < 1e-6 and not f()",
    "assert sorted(f([1]), key=len)[0][1:] == [] or math.isclose(f(1), g(f(2)))",
    "f(1)\ntry:\n    f('a')\nexcept ValueError:\n    pass",
    "def check(c):\n    x = [1]\n    for i in x:\n        assert c([1], math.pi) == i\ncheck(f)",
    "def check(candidate):\n    assert candidate(1) == f(2)\ncheck(f)\ncheck(f)",
    "x = 1\nassert x",
    "import math\nassert math.isclose(f(1), 2)",
)
SHARING = {
    "an argument that has a name": "a = [1]\nassert f(a) == a",
    "within another": "a = [1]\nassert f([[a]]) == [a]",
    "by keyword": "a = [1]\nassert f(x=a) == a",
    "that a loop binds": "for i in [[1]]:\n    assert f(i) == i",
    "that a comprehension binds": "assert f([x for x in [[1]]]) == [[1]]",
    "that is attached": "assert f(a.b) == a.b",
    "that something unknown returns": "assert f(make()) == 1",
    "that a method returns": "assert f('a'.split()) == 1",
    "spread": "assert f(*a) == 1",
    "spread by keyword": "assert f(**a) == 1",
    "a function": "assert f(lambda: 1) == 1",
    "a result that has a name": "a = f([1])\nassert a == [1]",
    "results": "a, b = f([1])\na.sort()\nassert a == b",
    "a result that is added": "a += f([1])",
    "a result in the walrus": "assert (a := f([1])) == a",
    "a result that a loop takes": "for a in f([1]):\n    a.clear()",
    "a result that a comprehension takes": "assert [a.clear() for a in f([1])]",
    "a result that something unknown takes": "assert same(f([1]), [1])",
    "a result that a method takes": "a.append(f([1]))",
    "a method of a result": "f([1]).sort()",
    "a result that is called": "assert f(1)(2) == 3",
    "a result that is returned": "def g():\n    return f(1)\nassert g() == 1",
    "a result that is thrown": "raise f(1)",
    "a result that is formatted": "assert f'{f(1)}' == '1'",
    "another name": "g = f\nassert g(1) == 1",
    "as an argument": "assert list(map(f, [1])) == [1]",
    "its attributes": "assert f.__annotations__ == {}",
    "a check with two arguments": "def check(f, x):\n    assert f(x)\ncheck(f, [1])",
    "a check with a default": "def check(f, x=[]):\n    assert f(x)\ncheck(f)",
    "a check of everything": "def check(*f):\n    assert f[0](1)\ncheck(f)",
    "a check that keeps": "def check(c):\n    a = c([1])\n    assert a\ncheck(f)",
    "a check in an expression": "def check(c):\n    assert c(1)\nx = check(f)",
    "a check in a function": "def g():\n    check(f)\ndef check(c):\n    assert c(1)\ng()",
    "a check of somebody else": "check(f)",
    "a builtin of the tests' own": "def sorted(x):\n    x.sort()\nassert sorted(f([1]))",
    "a module of the tests' own": "class math:\n    isclose = keep\nassert math.isclose(f([1]), 1)",
    "a module by another's name": "import kept as math\nassert math.isclose(f([1]), 1)",
    "a check that is defined twice": "def check(c):\n    a = c([1])\ncheck(f)\n"
    "def check(d):\n    assert d(1)\n",
    "bound anew": "f = len\nassert f([1]) == 1",
}  # fmt: skip


@pytest.mark.parametrize("tests", SIMPLE)
def test_shares_nothing(tests: str) -> None:
    assert shares_nothing(tests, frozenset("fg"))


@pytest.mark.parametrize("name", SHARING)
def test_shares(name: str) -> None:
    assert not shares_nothing(SHARING[name], frozenset("f"))
