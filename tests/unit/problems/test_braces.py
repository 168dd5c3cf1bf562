from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.problems.braces import block_end, closed, open_braces


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("", 0),
        ("int f() { if (x) { y(); }", 1),
        ("} {", 0),
        ("}}", -2),
        ('f("{") {', 1),
        (r'f("\"{") {', 1),
        ("c = '{'; {", 1),
        ("// {\n{", 1),
        ("/* { \n { */ {", 1),
        ("x = `{${a}` + {", 1),
        ("x = a / b; { y = c / d;", 1),
        ("s.replace(/[{]/g, '') {", 1),
        ("s.split(/\\{/) {", 1),
        ('auto s = R"({{{)"; {', 1),
        ('auto s = R"x({ )" )x"; {', 1),
        ('String s = """\n { " {\n"""; {', 1),
        ("it's an odd ' in code\n{", 1),
    ],
)
def test_braces_in_texts_and_comments_open_nothing(code: str, count: int) -> None:
    assert open_braces(code) == count


@pytest.mark.parametrize(
    ("code", "most", "result"),
    [
        ("f() {", 1, "f() {\n}"),
        ("class A { f() {", 2, "class A { f() {\n}\n}"),
        ("f() {}", 1, "f() {}"),
        ("f() {}}", 1, "f() {}}"),
        ("f() { if (x) {", 1, "f() { if (x) {"),
    ],
)
def test_closed_adds_what_is_lacking_up_to_a_limit(code: str, most: int, result: str) -> None:
    assert closed(code, most) == result


@pytest.mark.parametrize(
    ("code", "start", "rest"),
    [
        ("class A { f() {} } // }", 0, "} // }"),
        ("class A { '}' } class B { }", 0, "} class B { }"),
        ("class A { } class B { } class C { }", 12, "} class C { }"),
        ("class A { f() {}", 0, ""),
        ("", 0, ""),
    ],
)
def test_block_ends_at_its_own_brace(code: str, start: int, rest: str) -> None:
    assert code[block_end(code, start) :] == rest


@given(st.text(alphabet="{}\"'`/*\\\n()Rx= ", max_size=60))
def test_wild_text_is_counted_within_its_braces(code: str) -> None:
    count = open_braces(code)
    assert -code.count("}") <= count <= code.count("{")
    assert closed(code, most=0) == code
