"""Chat replies with Java: the prompt opens `Solution`, with a helper and the head of `solve`."""

from __future__ import annotations

from tests.unit.generation.replies_python import Case, fenced

PROMPT = """\
import java.util.*;

class Solution {
    int twice(int x) {
        return 2 * x;
    }

    /** Sum of all, doubled. */
    public int solve(List<Integer> xs) {
"""
IMPORT = "import java.util.*;\n"
TWICE = "int twice(int x) {\n        return 2 * x;\n    }\n"
SOLVE = "public int solve(List<Integer> xs) { return 0; }\n"
WHOLE = IMPORT + "class Solution {\n" + TWICE + SOLVE + "}\n"
BARE = "class Solution {\n" + SOLVE + "}\n"
BOTH = IMPORT + "class Solution {\n" + SOLVE + TWICE + "}\n"
MAIN = "public static void main(String[] args) { new Solution().solve(null); }\n"


def java(code: str, tag: str = "java") -> str:
    return fenced(code, tag)


CASES = [
    Case("one block", java(WHOLE), WHOLE),
    Case("tag Java", java(WHOLE, "Java"), WHOLE),
    Case("no tag", java(WHOLE, ""), WHOLE),
    Case("without import", java(WHOLE.removeprefix(IMPORT)), WHOLE),
    Case("without helper", java(IMPORT + BARE), BOTH),
    Case("without either", java(BARE), BOTH),
    Case("a public class", java("public " + BARE), BOTH),
    Case("a package", java("package x.y;\n" + WHOLE), WHOLE),
    Case(
        "another import",
        java("import java.io.*;\n" + BARE),
        IMPORT + "import java.io.*;\nclass Solution {\n" + SOLVE + TWICE + "}\n",
    ),
    Case("the method alone", java(SOLVE), BOTH),
    Case(
        "the method and its helper",
        java(TWICE + SOLVE),
        IMPORT + "class Solution {\n" + TWICE + SOLVE + "}\n",
    ),
    Case(
        "import and method",
        java("import java.io.*;\n" + SOLVE),
        IMPORT + "import java.io.*;\nclass Solution {\n" + SOLVE + TWICE + "}\n",
    ),
    Case("main in the class", java(WHOLE[:-2] + MAIN + "}\n"), WHOLE),
    Case("main in a class of its own", java(WHOLE + "public class Main {\n" + MAIN + "}\n"), WHOLE),
    Case(
        "main beside a field",
        java(WHOLE + "class Other { int q = 1;\n" + MAIN + "}\n"),
        WHOLE + "class Other { int q = 1; }\n",
    ),
    Case("another name of the class", java(WHOLE.replace("Solution", "Answer")), WHOLE),
    Case(
        "another name with a constructor",
        java("class A {\n A() {}\n" + SOLVE + "static A make() { return new A(); } }\n"),
        IMPORT
        + "class Solution {\n Solution() {}\n"
        + SOLVE
        + "static Solution make() { return new Solution(); }\n"
        + TWICE
        + "}\n",
    ),
    Case(
        "a helper class",
        java(WHOLE + "class Pair { int a, b; }\n"),
        WHOLE + "class Pair { int a, b; }\n",
    ),
    Case(
        "a public record",
        java(WHOLE + "public record P(int a) {}\n"),
        WHOLE + "record P(int a) {}\n",
    ),
    Case(
        "a field",
        java(IMPORT + "class Solution { static int MOD = 7;\n" + TWICE + SOLVE + "}\n"),
        IMPORT + "class Solution { static int MOD = 7;\n" + TWICE + SOLVE + "}\n",
    ),
    Case(
        "usage in a second block", java(WHOLE) + java("int r = new Solution().solve(x);\n"), WHOLE
    ),
    Case(
        "Main in a second block", java(WHOLE) + java("public class Main {\n" + MAIN + "}\n"), WHOLE
    ),
    Case("corrected later", java(BARE.replace("0", "9")) + "Better:\n" + java(BARE), BOTH),
    Case(
        "a class in a block before",
        java("class Pair { int a; }\n")
        + java(WHOLE.replace("{ return 0; }", "{ return new Pair().a; }")),
        "class Pair { int a; }\n" + WHOLE.replace("{ return 0; }", "{ return new Pair().a; }"),
    ),
    Case(
        "the body alone",
        java("        return 0;\n    }\n}\n"),
        PROMPT + "return 0; } }",
        "continuation",
    ),
    Case(
        "the body without brackets",
        java("        return 0;\n"),
        PROMPT + "return 0; } }",
        "continuation",
    ),
    Case(
        "the body and one bracket",
        java("        return 0;\n    }\n"),
        PROMPT + "return 0; } }",
        "continuation",
    ),
    Case("no fence", WHOLE, WHOLE, "whole"),
    Case("never closed", "```java\n" + WHOLE, WHOLE, warnings=("fence_unclosed",)),
    Case("prose", "Java is a language; solve is a name.", None, "none"),
    Case("another language", fenced("def solve(xs): pass\n", "python"), None, "other_language"),
    Case("a thought first", "<think>" + java(BARE) + "</think>" + java(WHOLE), WHOLE),
    Case(
        "an annotation",
        java("class Solution {\n" + TWICE + "@Deprecated\n" + SOLVE + "}\n"),
        IMPORT + "class Solution {\n" + TWICE + "@Deprecated\n" + SOLVE + "}\n",
    ),
    Case(
        "a generic method",
        java("class Solution {\n" + TWICE + "public <T> int solve(List<T> xs) { return 0; } }\n"),
        IMPORT + "class Solution {\n" + TWICE + "public <T> int solve(List<T> xs) { return 0; } }",
    ),
    Case(
        "an interface",
        java("interface F { int f(); }\n" + WHOLE),
        "interface F { int f(); }\n" + WHOLE,
    ),
    Case(
        "braces in texts",
        java(WHOLE.replace("return 0;", "String s = \"}{\"; char c = '}'; return 0;")),
        WHOLE.replace("return 0;", "String s = \"}{\"; char c = '}'; return 0;"),
    ),
]
