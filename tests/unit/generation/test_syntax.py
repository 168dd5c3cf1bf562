from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.errors import UsageError
from pytest_aibench.generation import syntax
from pytest_aibench.generation.syntax import Edit, edited, identifiers, parse, removal, walk


def test_edits_replace_bytes_and_the_outer_one_wins() -> None:
    source = parse("javascript", "é = f(1); // 😀")
    assert edited(source, []) == "é = f(1); // 😀"
    start = source.data.index(b"f(1)")
    edits = [Edit(start + 2, start + 3, "2"), Edit(start, start + 4, "g()")]
    assert edited(source, edits) == "é = g(); // 😀"


def test_a_node_is_removed() -> None:
    source = parse("java", "package x; class A {}")
    (package, _) = source.root.named_children
    assert edited(source, [removal(package)]).strip() == "class A {}"


def test_whether_all_of_it_parses() -> None:
    assert parse("cpp", "int f() { return 1; }").sound
    assert not parse("cpp", "int f() { return 1;").sound


def test_identifiers_of_every_kind() -> None:
    source = parse("cpp", 'Pair<int> f(T x) { return y.z("text"); } // comment')
    assert identifiers(source.root) == {"Pair", "f", "T", "x", "y", "z"}


def test_depth_is_no_limit() -> None:
    source = parse("javascript", "(" * 50_000 + "x" + ")" * 50_000)
    assert sum(1 for _ in walk(source.root)) > 100_000


def test_a_grammar_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(syntax.GRAMMARS, "cobol", "tree_sitter_cobol")
    with pytest.raises(UsageError, match="pip install tree-sitter tree-sitter-cobol"):
        parse("cobol", "")


@given(st.text(st.characters() | st.sampled_from("{}();\ud800\x00"), max_size=40))
def test_any_text_has_a_tree(text: str) -> None:
    for language in ("javascript", "java", "cpp"):
        assert parse(language, text).text == text
