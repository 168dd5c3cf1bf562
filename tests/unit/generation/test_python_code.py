from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.generation.python_code import (
    PythonCode,
    attach,
    helpers_for,
    lacking_names,
    parse_python,
    preamble_for,
    returns_at_top,
    without_usage,
)


def parsed(source: str) -> PythonCode:
    code = parse_python(source)
    assert code is not None
    return code


@pytest.mark.parametrize(
    "source", ["def", "\x00", "\ud800", "(" * 10_000, "-" * 200_000 + "1", "x = 1\n  y = 2"]
)
def test_what_python_refuses_is_none(source: str) -> None:
    assert parse_python(source) is None


def test_an_odd_escape_is_no_warning() -> None:
    assert parsed("x = '\\d'").names == {"x"}


def test_names_bound_at_top_level() -> None:
    source = (
        "import a.b, c as d\nfrom e import f\ndef g(): h = 1\nclass I: j = 1\nk, (l, *m) = x\n"
        "n: int = 1\nif y:\n    o = 1\nelse:\n    p = 1\ntry:\n    import q\n"
        "except E:\n    q2 = None\nfinally:\n    r = 1\nfor s in z:\n    t = 1\n"
        "with w as u:\n    v = 1\nx.attribute = 1\nx[0] = 1\n"
    )
    assert parsed(source).names == set("adfgIklmnopqrstuv") | {"q2"}


def test_a_thousand_cases_are_no_recursion() -> None:
    cases = "".join(f"elif x == {i}: b{i} = 1\n" for i in range(1200))
    assert len(parsed(f"if x < 0: a = 1\n{cases}").names) == 1201


def test_names_that_are_read_and_lacking() -> None:
    source = "def f(a):\n    b = g(a) + H.x + len(k)\n    return [b for c in b]\nj = f(i)\nk = 1\n"
    assert lacking_names(parsed(source)) == {"g", "H", "i"}
    assert lacking_names(parsed("nonlocal x")) == frozenset()


def test_helpers_come_from_other_blocks_transitively_and_nothing_else() -> None:
    code = parsed("def f(x):\n    return g(x)\n")
    others = [
        parsed("import m, n\nx = 1\ndef h(y):\n    return m.y\n"),
        parsed("def f(x):\n    return 0\ndef g(x):\n    return h(x)\ny = 2\n"),
    ]
    assert helpers_for(code, others, "f") == (
        "import m, n\ndef h(y):\n    return m.y\ndef g(x):\n    return h(x)"
    )


@pytest.mark.parametrize(
    ("source", "is_body"),
    [
        ("return 1", True),
        ("if x:\n    return 1", True),
        ("try:\n    x\nexcept E:\n    return 1", True),
        ("match x:\n    case 1:\n        return 1", True),
        ("def f():\n    return 1", False),
        ("class A:\n    def f(self):\n        return 1", False),
    ],
)
def test_a_body_returns_at_top_level(source: str, is_body: bool) -> None:
    assert returns_at_top(parsed(source)) is is_body


CONTEXT = (
    "from typing import List\nimport math\nPI = 3\n\n"
    "@math.decorated\ndef helper(x):\n    return x\n\n"
    'def entry(x):\n    """Doc."""\n'
)


def test_the_preamble_is_what_the_code_lacks_but_the_entry_point() -> None:
    code = parsed("import math\ndef entry(x):\n    return helper(x)\n")
    assert preamble_for(code, parsed(CONTEXT), "entry") == (
        "from typing import List\nPI = 3\n@math.decorated\ndef helper(x):\n    return x"
    )


def test_nothing_is_lacking() -> None:
    code = parsed("def entry(x):\n    return x\n")
    assert preamble_for(code, parsed("def entry(x):\n    pass\n"), "entry") == ""
    assert attach("", code) == code.source


def test_future_imports_stay_first() -> None:
    code = parsed('"""Doc."""\nfrom __future__ import annotations\ndef f(): pass\n')
    whole = attach("import math", code)
    assert whole.index("__future__") < whole.index("import math") < whole.index("def f")
    compile(whole, "x", "exec")


USAGE = """\
import sys
sys.setrecursionlimit(10**6)

@cached
def f(x):
    return x
F = f(1)
print(f(1)); y = 2
print(
    f(2)
)
assert f(1) == 1
f(3)
if __name__ == '__main__':
    print(f(4))
if "__main__" == __name__:
    f(5)
if F:
    z = 1
unittest.main()
register(f)
"""


def test_usage_is_dropped_by_syntax_and_all_else_stays() -> None:
    assert without_usage(parsed(USAGE), "f") == (
        "import sys\nsys.setrecursionlimit(10**6)\n\n@cached\ndef f(x):\n    return x\n"
        "F = f(1)\nprint(f(1)); y = 2\nif F:\n    z = 1\nregister(f)\n"
    )


def test_code_without_usage_is_left_as_it_is() -> None:
    source = "def f(x):\n    print(x)\n    assert x\n\n"
    assert without_usage(parsed(source), "f") == source


def test_lines_are_counted_as_python_counts_them() -> None:
    source = "x = '\x0c\u2028'\ndef f():\n    return 1\nprint(f())\ny = 1\n"
    assert without_usage(parsed(source), "f") == source.replace("print(f())\n", "")


@given(st.text(alphabet="def f():\n return1=ix\t;'\"#\\@,", max_size=60))
def test_any_text_is_read(text: str) -> None:
    code = parse_python(text)
    if code is not None:
        assert parse_python(without_usage(code, "f")) is not None
