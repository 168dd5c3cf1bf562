from __future__ import annotations

import pytest

from pytest_aibench.problems.declarations import declared_name


@pytest.mark.parametrize(
    ("language", "prompt", "name"),
    [
        ("python", "import math\n\n\ndef help_me(x):\n    return x\n\ndef f1(a, b):\n", "f1"),
        ("javascript", "const f = (x) => {\n", "f"),
        ("javascript", "// function g()\nasync function f$1(x){", "f"),
        ("javascript", "var a = 1\nfunction* g() {", "g"),
        ("cpp", "#include <map>\nstd::map<int, int> f(std::vector<int> a){\n", "f"),
        ("cpp", "int h(int x){\n    for (;;) {}\n}\n\nlong long f (int a,\n    int b) {", "f"),
        ("cpp", "/*\nfor (a) { is prose\n*/\nbool f(string s){", "f"),
        ("java", "class Solution {\n    /** g(x) { */\n    public List<Integer> f(int a) {", "f"),
        ("java", "class P {\n    public static <T> T f(T a) throws E {\n", "f"),
    ],
)
def test_last_declaration_is_the_entry_point(language: str, prompt: str, name: str) -> None:
    assert declared_name(prompt, language) == name


def test_prompt_without_a_declaration_is_refused() -> None:
    with pytest.raises(ValueError, match="declares no java function"):
        declared_name("class Solution {", "java")
