"""Random loops: whatever ends is not called endless, and computes what it would alone."""

from __future__ import annotations

import ast
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.sandbox.endless import outcome

_MOST_TURNS = 3000
_START = """\
from math import floor
class Odd:
    n = 0
    def __eq__(self, other):
        Odd.n += 1
        return Odd.n % 50 == 0
odd = Odd()
numbers = iter(range(60))
kept = [0]
def count(x):
    kept[0] += 1
    return kept[0] + x
def double(x):
    return x + x
def collatz(x):
    k = 0
    while x > 1 and k < 9:
        x = x // 2 if x % 2 == 0 else 3 * x + 1
        k += 1
    return x
def total():
    return n + len(a)
k, n, m, f, s = 0, 3, -2, 1.5, 'ab'
a = [1, 2, 0]
b = a
d = {'a': 1}
"""
_END = "repr((k, n, m, f, s, a, b, d, kept, Odd.n))"

NUMBERS = st.recursive(
    st.sampled_from(
        [
            *"knmf", "0", "1", "2", "-1", "3", "7", "len(a)", "len(s)", "sum(a)", "a[0]", "kept[0]",
            "d.get('a', 0)", "next(numbers, 0)", "total()", "(odd == 1)",
        ]
    ),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "//", "%"]), inner),
        st.builds("({} * {}) % {}".format, inner, inner, st.sampled_from("2357")),
        st.builds("{}({})".format, st.sampled_from(
            ["abs", "-", "int", "double", "collatz", "count", "floor", "bool"]), inner),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
        st.builds("sum(x % 3 for x in [{}, {}])".format, inner, inner),
        st.builds("({} if {} > 1 else {})".format, inner, inner, inner),
    ),
    max_leaves=3,
)  # fmt: skip
TESTS = st.one_of(
    st.just("True"),
    st.builds("{} {} {}".format, NUMBERS, st.sampled_from(["<", ">", "==", "!="]), NUMBERS),
    st.builds("{} in {}".format, NUMBERS, st.sampled_from(["a", "b", "(1, 2)", "{0, 1}"])),
    st.builds("{} is None".format, st.sampled_from("knmas")),
    st.sampled_from(["s == 'ab'", "s[:1] == 'a'", "s * 2 < 'ab'"]),
    st.sampled_from(["a", "b", "n", "k", "k < 40", "len(a) < 50", "kept[0] < 60", "Odd.n < 70"]),
)  # fmt: skip
NAMES = st.sampled_from([*"knmf"])
SIMPLE = st.one_of(
    st.builds("{} = {}".format, NAMES, NUMBERS),
    st.builds("{} {}= {}".format, NAMES, st.sampled_from(["+", "-", "//", "%"]), NUMBERS),
    st.just("k += 1"),
    st.builds("{0} = {0} + {1}".format, NAMES, NUMBERS),
    st.builds("a[{}] {}= {}".format, st.sampled_from("01"), st.sampled_from(["", "+"]), NUMBERS),
    st.builds("{}.append({})".format, st.sampled_from("ab"), NUMBERS),
    st.builds("{} = {}.pop({})".format, NAMES, st.sampled_from("ab"), st.sampled_from(["", "0"])),
    st.sampled_from([
        "b = a", "b = a[:]", "a = sorted(b)", "a.reverse()", "a = a[1:] + a[:1]", "s = s + 'b'",
        "s = s[1:] + s[:1]", "s = ''.join(sorted(s))", "n, m = m, n", "break", "continue", "pass",
        "d['a'] = n", "d.pop('a', 0)", "a = [x for x in b if x]", "del a[0]", "m = -m",
    ]),
)  # fmt: skip


def indented(lines: list[list[str]]) -> list[str]:
    return ["    " + line for part in lines for line in part]


def compound(
    tests: st.SearchStrategy[str], inner: st.SearchStrategy[list[str]]
) -> st.SearchStrategy[list[str]]:
    bodies = st.lists(inner, min_size=1, max_size=3).map(indented)
    return st.one_of(
        st.builds(lambda test, body: [f"if {test}:", *body], tests, bodies),
        st.builds(lambda test, body, other: [f"if {test}:", *body, "else:", *other],
                  tests, bodies, bodies),
        st.builds(lambda test, body: [f"while {test}:", *body], tests, bodies),
        st.builds(lambda body: ["for k in [1, 2]:", *body], bodies),
        st.builds(lambda body: ["for m in numbers:", *body], bodies),
    )  # fmt: skip


def loops(
    tests: st.SearchStrategy[str], simple: st.SearchStrategy[str]
) -> st.SearchStrategy[list[str]]:
    statements = st.recursive(
        simple.map(lambda line: [line]), lambda inner: compound(tests, inner), max_leaves=4
    )
    bodies = st.lists(statements, min_size=1, max_size=4).map(indented)
    return st.builds(lambda test, lines: [f"while {test}:", *lines], tests, bodies)


LOOPS = loops(TESTS, SIMPLE)
GOALS = st.sampled_from([*"knm", "f", "2", "-1", "40", "90", "len(a)"])
COUNTING = loops(
    st.one_of(
        st.just("True"),
        st.builds("{} {} {}".format, GOALS, st.sampled_from(["<", ">", "==", "!=", "<="]), GOALS),
        st.builds("len({}[:{}]) < {}".format, st.sampled_from("ab"), GOALS, GOALS),
        st.builds("s[{}:{} + 2] != s".format, GOALS, GOALS),
    ),
    st.sampled_from([
        "k += 1", "n += 2", "m += 3", "k += 1", "n += 30", "m = m % 5", "n = -n", "k += n",
        "a = a[:k]", "a = [*b, 1]", "b.append(1)", "b += [1]", "b = a", "del b[1:]", "s = s + 'b'",
        "s = s[:n]", "f = f + 1", "break", "continue", "if k > 90: m = 0", "if m == n: k = 0",
    ]),
)  # fmt: skip


class _Counted(ast.NodeTransformer):
    """Lets every turn of a `while` loop be counted."""

    def visit_While(self, node: ast.While) -> ast.While:
        self.generic_visit(node)
        node.body.insert(0, ast.parse("_turn()").body[0])
        return node


class _TooMany(BaseException):
    pass


def alone(source: str) -> str | None:
    """What `source` comes to when nobody watches it; None where it takes too many turns."""
    turns = 0

    def turn() -> None:
        nonlocal turns
        turns += 1
        if turns > _MOST_TURNS:
            raise _TooMany

    namespace: dict[str, Any] = {"_turn": turn}
    tree = ast.fix_missing_locations(_Counted().visit(ast.parse(source)))
    try:
        exec(compile(tree, "<alone>", "exec"), namespace)
    except _TooMany:
        return None
    except Exception as error:
        return type(error).__name__
    return str(eval(_END, namespace))


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=200)
@given(st.one_of(LOOPS, COUNTING), st.booleans(), st.integers(1, 120))
def test_loops_that_end(loop: list[str], in_function: bool, at: int) -> None:
    lines = loop
    if in_function:
        lines = [
            "def run(k, n, m, f, s, a, b, d):",
            *indented([loop]),
            "run(k, n, m, f, s, a, b, d)",
        ]
    source = _START + "\n".join(lines) + "\n"
    expected = alone(source)
    if expected is None:
        return
    tests = f"result = {_END}\nif result != {expected!r}: raise SystemExit\n"
    at += _START.count("\n")
    assert outcome(source, at, tests) in ("ended", expected)
