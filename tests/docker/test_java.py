"""Which verdict a Java program gets, and what its compiler and its JVM are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_aibench.problems.judging import Rules
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program

HEAD = "import java.util.*;\n"
TESTS = """
public class Main {
    public static void main(String[] arguments) {
        if (new Solution().add(1, 2) != 3) throw new AssertionError("sum");
    }
}
"""
# MultiPL-E: the tests continue the class that the solution opened.
PROBLEM = "import org.javatuples.*;\nclass Problem {\n    static long add(long a, long b) { %s\n"
PROBLEM_TESTS = "}\n    public static void main(String[] a) { assert(add(1L, 2L) == (3L)); }\n}\n"
PROBLEM_RULES = Rules(main_class="Problem", enable_assertions=True)


def solution(body: str) -> str:
    return HEAD + "class Solution { int add(int a, int b) { " + body + " } }\n"


@pytest.mark.parametrize(
    ("body", "kind", "detail"),
    [
        ("return a + b;", "passed", ""),
        ("return a - b;", "wrong_answer", "java.lang.AssertionError: sum"),
        (
            "int[] x = {}; return x[a];",
            "runtime_error",
            "java.lang.ArrayIndexOutOfBoundsException",
        ),
        (
            'throw new IllegalStateException("\\"\\n\\u00e9");',
            "runtime_error",
            'java.lang.IllegalStateException: " é',
        ),
        ("return a + ;", "compile_error", "Main.java:2: error: illegal start of expression"),
        ('return "";', "compile_error", "Main.java:2: error: incompatible types: java.lang.String"),
        ("return add(a, b) + 1;", "runtime_error", "java.lang.StackOverflowError"),
        ("System.exit(0); return 0;", "exited_early", "exit status 0 before the tests had ended"),
        ("int[] x = new int[1 << 30]; return 0;", "out_of_memory", "java.lang.OutOfMemoryError"),
    ],
)
def test_verdict(executor: DockerExecutor, body: str, kind: str, detail: str) -> None:
    verdict = executor.execute(Program("java", solution(body), TESTS))
    assert verdict.kind.value == kind, verdict
    assert verdict.detail.startswith(detail)
    assert bool(detail) or not verdict.detail


@pytest.mark.parametrize(
    ("types", "detail"),
    [
        ("public class Other {}", "Main.java:3: error: class Other is public, should be declared"),
        ("class Main {}", "Main.java:5: error: duplicate class: Main"),
        (
            "class Same { public boolean equals(Object o) { return true; } }",
            "error: the solution has an object that equals everything",
        ),
        (
            "class Same extends java.util.ArrayList<Integer> {"
            " @Override public boolean equals(Object o) { return o != null; } }",
            "error: the solution has an equality of its own for java.util.ArrayList",
        ),
        (
            "class Same { Object o = new java.util.HashMap<String, String>() {"
            " public boolean equals(Object o) { return o != null; } }; }",
            "error: the solution has an equality of its own for java.util.HashMap",
        ),
        ("class String {}", "error: the solution declares the name of java.lang.String, which the"),
        (
            "class X { class AssertionError {} }",
            "error: the solution declares the name of java.lang.A",
        ),
    ],
)
def test_refused_types(executor: DockerExecutor, types: str, detail: str) -> None:
    verdict = executor.execute(Program("java", solution("return a + b;") + types, TESTS))
    assert verdict.kind.value == "compile_error", verdict
    assert verdict.detail.startswith(detail)


def test_types_that_the_tests_do_not_use_are_free(executor: DockerExecutor) -> None:
    types = "class LinkedList {} record Pair(int a, int b) {} enum Optional { X }"
    assert executor.execute(Program("java", solution("return a + b;") + types, TESTS)).passed


def test_a_class_may_say_when_its_objects_are_equal(executor: DockerExecutor) -> None:
    types = """
        class Point implements Comparable<Point> {
            int x;
            @Override public boolean equals(Object o) { return o instanceof Point p && p.x == x; }
            @Override public int hashCode() { return x; }
            public int compareTo(Point p) { return x - p.x; }
        }
    """
    assert executor.execute(Program("java", solution("return a + b;") + types, TESTS)).passed


def test_tests_that_continue_the_class(executor: DockerExecutor) -> None:
    def kind(body: str, rules: Rules = PROBLEM_RULES) -> str:
        program = Program("java", PROBLEM % body, PROBLEM_TESTS, rules=rules)
        return executor.execute(program).kind.value

    assert kind("return a + b;") == "passed"
    assert kind("return a - b;") == "wrong_answer"
    assert kind("return a - b;", Rules(main_class="Problem")) == "passed"  # as without `java -ea`
    tuples = "return Pair.with(a, b).getValue0() + Triplet.with(1, 2, b).getValue2();"
    assert kind(tuples) == "passed"


def test_threads_are_awaited(executor: DockerExecutor) -> None:
    body = "new Thread(() -> { try { Thread.sleep(50); } catch (InterruptedException e) {} "
    body += 'System.out.println("later"); }).start(); return a + b;'
    verdict = executor.execute(Program("java", solution(body), TESTS))
    assert (verdict.passed, verdict.stdout) == (True, "later\n")


def test_input_is_at_its_end(executor: DockerExecutor) -> None:
    body = "return new Scanner(System.in).hasNext() ? 0 : a + b;"
    assert executor.execute(Program("java", solution(body), TESTS)).passed


def test_jvm_is_17(executor: DockerExecutor) -> None:
    body = 'System.out.print(System.getProperty("java.version")); return a + b;'
    assert executor.execute(Program("java", solution(body), TESTS)).stdout.startswith("17.")


def test_stack_trace_is_kept(executor: DockerExecutor) -> None:
    verdict = executor.execute(Program("java", solution("return 0;"), TESTS))
    assert "at Main.main(Main.java:" in verdict.stderr


def test_compiling_has_limits_of_its_own(open_executor: Callable[..., DockerExecutor]) -> None:
    executor = open_executor()
    slow = Program("java", solution("return a + b;"), TESTS, rules=Rules(compile_seconds=0.001))
    verdict = executor.execute(slow)
    assert (verdict.kind.value, verdict.detail) == ("timeout", "compiling: cpu time limit 0.001 s")
    assert executor.execute(Program("java", solution("return a + b;"), TESTS)).passed


def test_a_compiler_that_dies_is_the_programs_fault_and_replaced(
    open_executor: Callable[..., DockerExecutor],
) -> None:
    executor = open_executor()
    nested = "int x() { return " + "(" * 200_000 + "1" + ")" * 200_000 + "; }"
    verdict = executor.execute(Program("java", HEAD + "class Y { " + nested + " }", TESTS))
    assert verdict.kind.value == "compile_error", verdict
    assert executor.execute(Program("java", solution("return a + b;"), TESTS)).passed


def test_memory_of_the_heap_follows_the_limit(executor: DockerExecutor) -> None:
    body = "System.out.print(Runtime.getRuntime().maxMemory() >> 20); return a + b;"
    program = Program("java", solution(body), TESTS, Limits(memory=256 << 20))
    assert 100 <= int(executor.execute(program).stdout) <= 128
