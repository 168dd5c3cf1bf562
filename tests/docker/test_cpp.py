"""Which verdict a C++ program gets, and how it is compiled."""

from __future__ import annotations

import pytest

from pytest_aibench.problems.builtin import humaneval_x, humanevalpack
from pytest_aibench.problems.judging import Rules
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program

GOOD = "int add(int a, int b) { return a + b; }\n"
TESTS = "#include <cassert>\nint main() {\n    assert(add(1, 2) == 3);\n}\n"
BITS = "#include <bits/stdc++.h>\n"


@pytest.mark.parametrize(
    ("solution", "kind", "detail"),
    [
        (GOOD, "passed", ""),
        (
            "int add(int, int) { return 0; }",
            "wrong_answer",
            "assertion failed: tests.cpp:3: add(1, 2) == 3",
        ),
        (
            "int add(int a, int b) {\n  return a + ; }",
            "compile_error",
            "solution.cpp:2:14: error: expected",
        ),
        (
            "int sub(int a, int b);",
            "compile_error",
            "tests.cpp:3:12: error: 'add' was not declared",
        ),
        ("int add(int, int);", "compile_error", "mold: error: undefined symbol: add(int, int)"),
        ("#include <absent.h>", "compile_error", "solution.cpp:1:10: fatal error: absent.h"),
        (
            BITS + 'int add(int, int) { throw std::out_of_range("o"); }',
            "runtime_error",
            "std::out_of_range: o",
        ),
        ("int add(int, int) { throw 1; }", "runtime_error", "int"),
        (
            BITS + "int add(int, int) { return (int)(long)new char[1L << 40]; }",
            "out_of_memory",
            "std::bad_alloc",
        ),
        (BITS + "int add(int, int) { exit(0); }", "exited_early", "exit status 0 before the tests"),
        (BITS + "int add(int, int) { abort(); }", "crashed", "killed by SIGABRT"),
        ("int add(int, int) { return *(volatile int *)0; }", "crashed", "killed by SIGSEGV"),
        (
            BITS + "struct X { ~X() { _exit(3); } } x;\n" + GOOD,
            "runtime_error",
            "exit status 3 after",
        ),
    ],
)
def test_verdict(executor: DockerExecutor, solution: str, kind: str, detail: str) -> None:
    verdict = executor.execute(Program("cpp", solution, TESTS))
    assert verdict.kind.value == kind, verdict
    assert verdict.detail.startswith(detail), verdict.detail
    assert bool(detail) or not verdict.detail


VECTORS = "#include <vector>\n#include <cassert>\nusing namespace std;\n"
EQUAL = "struct E { bool operator==(vector<int>) { return true; } };\n"


@pytest.mark.parametrize(
    ("solution", "kind", "detail"),
    [
        ("vector<int> once(vector<int> v) { return v; }", "passed", ""),
        ("vector<int> once(const vector<int>& v) { return v; }", "passed", ""),
        ("template <class T> T once(T v) { return v; }", "passed", ""),
        ("vector<int> once(vector<int> v) { return {}; }", "wrong_answer", "assertion failed"),
        ("vector<int> twice(int v);", "compile_error", "tests.cpp:1:22: error: 'once' was not"),
        (EQUAL + "E once(vector<int>) { return E(); }", "compile_error", "returns a type of its"),
        (EQUAL + "E e; E& once(vector<int>) { return e; }", "compile_error", "returns a type of"),
        (EQUAL + "template <class T> E once(T) { return E(); }", "compile_error", "returns a type"),
        (
            "enum E { A }; bool operator==(E, vector<int>) { return true; }\n"
            "E once(vector<int>) { return A; }",
            "compile_error",
            "returns a type of its own",
        ),
        (
            "bool operator==(const vector<int>&, const vector<int>&) { return true; }\n"
            "vector<int> once(vector<int>) { return {}; }",
            "compile_error",
            "compares values of types that are not its own",
        ),
    ],
)
def test_result_is_of_the_declared_type(
    executor: DockerExecutor, solution: str, kind: str, detail: str
) -> None:
    tests = "int main() { assert((once({1, 2}) == vector<int>{1, 2})); }"
    if "template" in solution:
        tests = tests.replace("once({", "once(vector<int>{")
    program = Program(
        "cpp",
        VECTORS + solution,
        tests,
        rules=Rules(std="c++11"),
        entry_point="once",
        context=VECTORS + "// once(v)\nvector<int> once(vector<int> v) {\n",
    )
    verdict = executor.execute(program)
    assert verdict.kind.value == kind, verdict
    assert detail in verdict.detail


def test_result_of_main_counts(executor: DockerExecutor) -> None:
    verdict = executor.execute(Program("cpp", GOOD, "int main() { return add(1, 2); }"))
    assert (verdict.kind.value, verdict.detail) == ("wrong_answer", "main returned 3")


def test_tests_may_close_what_the_solution_opened(executor: DockerExecutor) -> None:
    solution = BITS + "long add(long a, long b) {\n    return a + b;\n"
    tests = "}\nint main() {\n    auto candidate = add;\n    assert(candidate(1, 2) == 3);\n}\n"
    assert executor.execute(Program("cpp", solution, tests)).passed


@pytest.mark.parametrize(
    ("rules", "solution", "expected"),
    [
        (Rules(std="c++11"), "auto f = [](auto x) { return x; };\n", "compile_error"),
        (Rules(std="c++14"), "auto f = [](auto x) { return x; };\n", "passed"),
        (Rules(std="c++17"), BITS + "std::optional<int> x;\n", "passed"),
        (Rules(std="c++20"), BITS + "std::span<int> x;\n", "passed"),
        (Rules(preamble="#define TWO 2\n"), "int two = TWO;\n", "passed"),
        (humaneval_x.RULES["cpp"], "using namespace std; vector<string> x;\n", "passed"),
        (humaneval_x.RULES["cpp"], "#include <openssl/md5.h>\nauto x = &MD5;\n", "passed"),
        (humanevalpack.RULES["cpp"], "map<string, boost::any> x;\n", "passed"),
        (Rules(), "#include <openssl/md5.h>\nauto x = &MD5;\n", "compile_error"),
    ],
)
def test_rules_of_compiling(
    executor: DockerExecutor, rules: Rules, solution: str, expected: str
) -> None:
    verdict = executor.execute(Program("cpp", solution + GOOD, TESTS, rules=rules))
    assert verdict.kind.value == expected, verdict


def test_precompiled_headers_add_no_names(executor: DockerExecutor) -> None:
    solution = "std::map<int, int> x;\n" + GOOD  # the preamble has no <map>
    program = Program("cpp", solution, TESTS, rules=humaneval_x.RULES["cpp"])
    verdict = executor.execute(program)
    assert verdict.kind.value == "compile_error"
    assert "'map' in namespace 'std'" in verdict.detail


def test_macros_before_a_header_count(executor: DockerExecutor) -> None:
    solution = "#define _GLIBCXX_ASSERTIONS\n" + BITS
    solution += "int add(int a, int b) { std::vector<int> v; return v[a] + b; }"
    verdict = executor.execute(Program("cpp", solution, TESTS))
    assert (verdict.kind.value, verdict.detail) == ("crashed", "killed by SIGABRT")


def test_compiling_has_limits_of_its_own(executor: DockerExecutor) -> None:
    limits = Limits(cpu_seconds=0.02)
    assert executor.execute(Program("cpp", GOOD, TESTS, limits)).passed
    slow = executor.execute(Program("cpp", GOOD, TESTS, rules=Rules(compile_seconds=0.01)))
    assert (slow.kind.value, slow.detail) == ("timeout", "compiling: cpu time limit 0.01 s")


def test_messages_of_the_compiler_are_kept(executor: DockerExecutor) -> None:
    verdict = executor.execute(Program("cpp", "int add(", TESTS))
    assert "error:" in verdict.stderr
    assert len(verdict.stderr) > len(verdict.detail)
