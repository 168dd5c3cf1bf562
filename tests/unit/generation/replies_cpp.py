"""Chat replies with C++: includes, a helper and the head of `solve` in the prompt."""

from __future__ import annotations

from tests.unit.generation.replies_python import Case, fenced

PROMPT = """\
#include<stdio.h>
#include<vector>
using namespace std;
int twice(int x){
    return 2 * x;
}
/*
Sum of all, doubled.
*/
int solve(vector<int> xs){
"""
INCLUDES = "#include<stdio.h>\n#include<vector>\n"
USING = "using namespace std;\n"
TWICE = "int twice(int x){\n    return 2 * x;\n}\n"
HEAD = INCLUDES + USING + TWICE
SOLVE = "int solve(vector<int> xs) { return 0; }\n"
WHOLE = HEAD + SOLVE
MAIN = 'int main() { printf("%d", solve({1})); return 0; }\n'


def cpp(code: str, tag: str = "cpp") -> str:
    return fenced(code, tag)


CASES = [
    Case("one block", cpp(WHOLE), WHOLE),
    Case("tag c++", cpp(WHOLE, "c++"), WHOLE),
    Case("tag C++", cpp(WHOLE, "C++"), WHOLE),
    Case("tag cc", cpp(WHOLE, "cc"), WHOLE),
    Case("no tag", cpp(WHOLE, ""), WHOLE),
    Case("only the function", cpp(SOLVE), WHOLE),
    Case(
        "includes spaced out",
        cpp("#include <vector>\n" + SOLVE),
        "#include<stdio.h>\n" + USING + TWICE + "#include <vector>\n" + SOLVE,
    ),
    Case("another include", cpp("#include <map>\n" + SOLVE), HEAD + "#include <map>\n" + SOLVE),
    Case("own using", cpp(USING + SOLVE), INCLUDES + TWICE + USING + SOLVE),
    Case(
        "own helper",
        cpp("int twice(int x) { return x + x; }\n" + SOLVE),
        INCLUDES + USING + "int twice(int x) { return x + x; }\n" + SOLVE,
    ),
    Case(
        "a prototype and the helper",
        cpp("int twice(int x);\n" + SOLVE),
        HEAD + "int twice(int x);\n" + SOLVE,
    ),
    Case("main", cpp(WHOLE + MAIN), WHOLE),
    Case("main with arguments", cpp(WHOLE + "int main(int c, char **v) { return 0; }\n"), WHOLE),
    Case("auto main", cpp(WHOLE + "auto main() -> int { return 0; }\n"), WHOLE),
    Case(
        "a struct", cpp("struct P { int x; };\n" + SOLVE), HEAD + "struct P { int x; };\n" + SOLVE
    ),
    Case(
        "a template",
        cpp("template<class T> T id(T a) { return a; }\n" + SOLVE),
        HEAD + "template<class T> T id(T a) { return a; }\n" + SOLVE,
    ),
    Case(
        "a template of its own",
        cpp("template<class V> int solve(V xs) { return 0; }\n"),
        HEAD + "template<class V> int solve(V xs) { return 0; }\n",
    ),
    Case("a macro", cpp("#define N 10\n" + SOLVE), HEAD + "#define N 10\n" + SOLVE),
    Case("a constant", cpp("const int MOD = 7;\n" + SOLVE), HEAD + "const int MOD = 7;\n" + SOLVE),
    Case(
        "a type", cpp("typedef long long ll;\n" + SOLVE), HEAD + "typedef long long ll;\n" + SOLVE
    ),
    Case(
        "an alias", cpp("using ll = long long;\n" + SOLVE), HEAD + "using ll = long long;\n" + SOLVE
    ),
    Case(
        "a reference",
        cpp("vector<int>& solve(vector<int>& xs) { return xs; }\n"),
        HEAD + "vector<int>& solve(vector<int>& xs) { return xs; }\n",
    ),
    Case(
        "a pointer",
        cpp("int* solve(int* xs) { return xs; }\n"),
        HEAD + "int* solve(int* xs) { return xs; }\n",
    ),
    Case(
        "a lambda",
        cpp("auto solve = [](vector<int> xs) { return 0; };\n"),
        HEAD + "auto solve = [](vector<int> xs) { return 0; };\n",
    ),
    Case(
        "std in front",
        cpp("int solve(std::vector<int> xs) { return 0; }\n"),
        HEAD + "int solve(std::vector<int> xs) { return 0; }\n",
    ),
    Case("usage in a second block", cpp(WHOLE) + cpp(MAIN), WHOLE),
    Case("main with its includes in a second block", cpp(WHOLE) + cpp(INCLUDES + MAIN), WHOLE),
    Case("corrected later", cpp(SOLVE.replace("0", "9")) + cpp(SOLVE), WHOLE),
    Case(
        "helper in a block before",
        cpp("int sum(int a) { return a; }\n") + cpp(SOLVE.replace("0", "sum(0)")),
        HEAD + "int sum(int a) { return a; }\n" + SOLVE.replace("0", "sum(0)"),
    ),
    Case(
        "includes in a block before",
        cpp("#include <map>\n") + cpp(SOLVE),
        HEAD + "#include <map>\n" + SOLVE,
    ),
    Case(
        "the body alone", cpp("    return 0;\n}\n"), PROMPT + "    return 0;\n}\n", "continuation"
    ),
    Case(
        "the body without its bracket",
        cpp("    return 0;\n"),
        PROMPT + "    return 0;\n}\n",
        "continuation",
    ),
    Case(
        "a missing bracket",
        cpp("int solve(vector<int> xs) { return 0;\n"),
        HEAD + "int solve(vector<int> xs) { return 0;\n",
        "named",
    ),
    Case("no fence", WHOLE, WHOLE, "whole"),
    Case("prose", "C++ is a language; use solve().", None, "none"),
    Case("another language", fenced("def solve(xs): pass\n", "python"), None, "other_language"),
    Case("a thought first", "<think>" + cpp(SOLVE) + "</think>" + cpp(WHOLE), WHOLE),
    Case(
        "braces in texts",
        cpp(SOLVE.replace("return", 'string s = "}{"; return')),
        HEAD + SOLVE.replace("return", 'string s = "}{"; return'),
    ),
]
