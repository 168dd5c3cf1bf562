from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.problems.braces import closed, open_braces, without_last_brace


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


def test_last_brace_is_that_of_the_code_not_of_a_comment() -> None:
    assert without_last_brace("class A { f() {} } // }") == "class A { f() {} "
    assert without_last_brace("no braces") == "no braces"


@given(st.text(alphabet="{}\"'`/*\\\n()Rx= ", max_size=60))
def test_wild_text_is_counted_within_its_braces(code: str) -> None:
    count = open_braces(code)
    assert -code.count("}") <= count <= code.count("{")
    assert closed(code, most=0) == code
