from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.sandbox.languages.cpp_guards import (
    declaration,
    forged_comparison,
    reserved_names,
)


@pytest.mark.parametrize(
    ("prompt", "declared"),
    [
        ("int add(int a, int b) {\n", "int add(int a, int b)"),
        ("#include <x>\nusing namespace std;\nv<int>\n add( int a ){", "v<int> add( int a )"),
        ("// int add(char)\n/* f(int add(1)) */ bool add(long a) {", "bool add(long a)"),
        ("int add(int a);\nlong add(map<int, int> a) {", "long add(map<int, int> a)"),
        ("static inline int add(int (*f)(int)) {", "int add(int (*f)(int))"),
        ("template <class T> T add(T a) {", ""),
        ("auto add(int a) {", ""),
        ("int sub(int a) { return add(a); }", ""),
        ("int sub(int a) { x = add(a); }", ""),
        ("int add(int a", ""),
        ("int addition(int a) {", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_how_a_prompt_declares_its_function(prompt: str, declared: str) -> None:
    assert declaration(prompt, "add") == declared


def test_without_an_entry_point_nothing_is_declared() -> None:
    assert declaration("int add(int a) {", "") == ""


@pytest.mark.parametrize(
    ("solution", "forged"),
    [
        ("bool operator==(const vector<int>& a, const vector<int>& b) { return true; }", True),
        ("template <class T> bool operator != (const T&, const T&) { return false; }", True),
        ("bool operator==(const pair<int, int>& a, std::string b) { return true; }", True),
        ("struct P { int a; bool operator==(const P& o) const { return a == o.a; } };", False),
        ("struct P { int a; };\nbool operator==(const P& a, const P& b) { return true; }", False),
        ("enum class E { A };\nbool operator==(E a, int b) { return true; }", False),
        ("struct P { bool operator==(pair<int, int> o) { return true; } };", False),
        ("typedef struct { int a; } P;\nbool operator==(P a, P b) { return true; }", False),
        ("template <class T> struct P {};\nbool operator==(P<int> a, P<int> b) {}", False),
        ("bool operator<(const vector<int>& a, const vector<int>& b) { return true; }", False),
        ("// bool operator==(int, vector<int>)\nint x = a == b;", False),
        ('auto s = "operator==(int, vector<int>)";', False),
    ],
)
def test_comparisons_of_foreign_types(solution: str, forged: bool) -> None:
    assert forged_comparison(solution) is forged


@given(st.text(alphabet='operator=!add(),<>{}; \n"/*#', max_size=200))
def test_no_text_is_too_strange(text: str) -> None:
    declared = declaration(text, "add")
    assert "\n" not in declared
    assert isinstance(forged_comparison(text), bool)
    assert "main" in reserved_names(text)
