from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.problems.builtin import humaneval_x, humanevalpack
from pytest_aibench.problems.judging import Rules
from pytest_aibench.sandbox.files import container_folder
from pytest_aibench.sandbox.image import FAMILIES
from pytest_aibench.sandbox.languages import LANGUAGES
from pytest_aibench.sandbox.languages.base import CompiledApart
from pytest_aibench.sandbox.languages.cpp import Cpp
from pytest_aibench.sandbox.languages.cpp_guards import reserved_names
from pytest_aibench.sandbox.languages.java import Java
from pytest_aibench.sandbox.languages.javascript import JavaScript
from pytest_aibench.sandbox.languages.python import Python
from pytest_aibench.sandbox.program import Limits, Program


def test_every_language_has_an_image() -> None:
    assert {language.family for language in LANGUAGES.values()} == set(FAMILIES)


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_becomes_parts(text: str) -> None:
    for language in LANGUAGES.values():
        program = Program(language.name, text, text)
        assert all(isinstance(part, bytes) for part in language.parts(program))
        if isinstance(language, CompiledApart):
            assert all(isinstance(part, bytes) for part in language.sources(program))


@pytest.mark.parametrize(
    ("solution", "tests", "imports"),
    [
        ("x = 1", "assert x", ""),
        ("import ast", "assert ast", "import ast\n"),
        ("x = 1", "import json, ast", "import ast\nimport json\n"),
    ],
)
def test_what_is_loaded_precedes_the_guard_of_python(
    solution: str, tests: str, imports: str
) -> None:
    rules = Rules(preamble="y = 2\n", guard="take()\n", loaded=("ast", "json"))
    found = Python().parts(Program("python", solution, tests, rules=rules))
    assert found == (f"{imports}take()\n\0y = 2\n{solution}".encode(), tests.encode())


def test_parts_of_cpp() -> None:
    rules = Rules(preamble="#define X\n", std="c++11", compile_flags=("-lm",))
    program = Program("cpp", "int f();", "int main() { g(); }", Limits(memory=1 << 20), rules)
    sources, start = Cpp().parts(program)
    found = json.loads(sources)
    assert start == b""
    assert {"aibench_assertion_failed", "main", "int", "g"} <= set(found.pop("reserved"))
    assert found == {
        "declaration": "",
        "entry": "",
        "forged": False,
        "preamble": "#define X\n",
        "solution": "int f();",
        "tests": "int main() { g(); }",
        "std": "c++11",
        "flags": ["-lm"],
        "memory": 1 << 20,
    }


@pytest.mark.parametrize(
    ("tests", "name", "reserved"),
    [
        ("assert(same(a, b));", "same", True),
        ("assert(same(a, b));", "assert", False),  # defined again before the tests
        ("if (x and not y) {}", "not", False),
        ("if (x) {}", "if", True),
        ("x = INT_MAX;", "INT_MAX", False),
        ('f("word");', "word", False),
        (r'f("\"word");', "word", False),
        ("// word\n/* word */ f();", "word", False),
        ("#include <word.h>\nf();", "word", False),
        ("", "main", True),
    ],
)
def test_names_that_a_macro_must_not_change(tests: str, name: str, reserved: bool) -> None:
    assert (name in reserved_names(tests)) is reserved


def test_preambles_of_benchmarks_are_precompiled() -> None:
    folder = container_folder() / "cpp" / "preambles"
    texts = {path.name.split("-")[0] + path.read_text("utf-8") for path in folder.glob("*.h")}
    for rules in (humaneval_x.RULES["cpp"], humanevalpack.RULES["cpp"]):
        assert rules.std + rules.preamble in texts


@pytest.mark.parametrize(
    ("stderr", "kind", "detail"),
    [
        ("terminate called after throwing an instance of 'int'\n", "runtime_error", "int"),
        (
            "x\nterminate called after throwing an instance of 'std::e'\n  what():  a b\n",
            "runtime_error",
            "std::e: a b",
        ),
        (
            "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  b\n",
            "out_of_memory",
            "std::bad_alloc: b",
        ),
    ],
)
def test_last_words_of_a_cpp_program(stderr: str, kind: str, detail: str) -> None:
    death = Cpp().death(stderr)
    assert death is not None
    assert (death[0].value, death[1]) == (kind, detail)


def test_other_last_words_mean_nothing() -> None:
    for language in LANGUAGES.values():
        assert language.death("Segmentation fault") is None


@pytest.mark.parametrize(
    ("messages", "detail"),
    [
        ("Main.java:1: warning: w\nMain.java:2: error: e\n  x\n", "Main.java:2: error: e"),
        ("error: the solution\n", "error: the solution"),
        ("", "the compiler failed without a message"),
    ],
)
def test_first_error_of_javac(messages: str, detail: str) -> None:
    assert Java().compile_failure(messages) == detail


def test_settings_of_the_jvm() -> None:
    rules = Rules(main_class="Problem", enable_assertions=True)
    program = Program("java", "", "", Limits(memory=256 << 20), rules)
    settings, *rest = Java().compiled_parts(program, b"classes")
    assert rest == [b"classes", b""]
    expected = {"main": "Problem", "assertions": True, "libraries": True, "heap": 128}
    assert json.loads(settings) == expected


@pytest.mark.parametrize(
    ("report", "kind", "detail"),
    [
        (
            {"phase": "compile", "type": "SyntaxError", "message": "m"},
            "compile_error",
            "SyntaxError: m",
        ),
        ({"phase": "test", "family": "assertion", "type": "A"}, "wrong_answer", "A"),
        (
            {"phase": "load", "family": "other", "type": "T", "message": "m"},
            "runtime_error",
            "T: m",
        ),
    ],
)
def test_failures_of_javascript(report: dict[str, str], kind: str, detail: str) -> None:
    found = JavaScript().failure(report)
    assert (found[0].value, found[1]) == (kind, detail)
