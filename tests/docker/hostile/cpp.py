"""Attacks written in C++, upon its compiler too."""

# Programs stay in one piece:
# ruff: noqa: E501

from __future__ import annotations

from tests.docker.hostile.attack import Attack, Battery

TESTS = """
#undef NDEBUG
#include <assert.h>
bool same(int a, int b) { return a == b; }
int main() {
    assert(same(add(1, 2), 3));
    assert(add(2, 2) == 4);
}
"""
HONEST = "int add(int a, int b) { return a + b; }\n"
WRONG = "int add(int, int) { return 0; }\n"
CANARY = """
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static int strangers(const char *folder, bool processes) {
    int found = 0;
    DIR *open = opendir(folder);
    if (!open) return 0;
    while (dirent *entry = readdir(open)) {
        const char *name = entry->d_name;
        if (processes ? atoi(name) > 1 && atoi(name) != getpid() : name[0] != '.') {
            if (processes || (name[0] != 'p' && name[0] != 0)) printf("HOLE %s/%s\\n", folder, name);
            found++;
        }
    }
    closedir(open);
    return found;
}
int add(int a, int b) {
    strangers("/proc", true);
    if (strangers("/tmp", false) != 1) printf("HOLE in /tmp\\n");  // the program itself
    strangers("/var/tmp", false);
    strangers("/dev/mqueue", false);
    return a + b;
}
"""
INCLUDES = "#include <cstdlib>\n#include <unistd.h>\n"

ROWS = [
    Attack("exit in a call", "exited_early", INCLUDES + "int add(int, int) { exit(0); }"),
    Attack("_exit in a call", "exited_early", INCLUDES + "int add(int, int) { _exit(0); }"),
    Attack("quick_exit", "exited_early", INCLUDES + "int add(int, int) { quick_exit(0); }"),
    Attack(
        "exit before main", "exited_early", INCLUDES + "struct X { X() { _exit(0); } } x;\n" + WRONG
    ),
    Attack(
        "constructor function",
        "exited_early",
        INCLUDES + "__attribute__((constructor)) void f() { exit(0); }\n" + WRONG,
    ),
    Attack(
        "_exit at exit",
        "exited_early wrong_answer",
        INCLUDES + "int add(int, int) { atexit([] { _exit(0); }); exit(1); }",
    ),
    Attack("abort", "crashed", INCLUDES + "int add(int, int) { abort(); }"),
    Attack(
        "handler of its own abort",
        "exited_early wrong_answer",
        INCLUDES
        + "#include <csignal>\nint add(int, int) { signal(SIGABRT, [](int) { _exit(0); }); signal(SIGSEGV, [](int) { _exit(0); }); return 0; }",
    ),
    Attack(
        "raised kill",
        "crashed",
        INCLUDES + "#include <csignal>\nint add(int, int) { raise(SIGKILL); return 0; }",
    ),
    Attack(
        "output on all descriptors",
        "exited_early",
        INCLUDES
        + '#include <string>\nint add(int, int) { std::string s = "{\\"proof\\":\\"" + std::string(32, \'0\') + "\\"}"; for (int fd = 0; fd < 64; fd++) if (write(fd, s.data(), s.size())) {} _exit(0); }',
    ),
    Attack("NDEBUG", "wrong_answer", "#define NDEBUG\n#include <assert.h>\n" + WRONG),
    Attack("assert of its own", "wrong_answer", "#define assert(x) ((void)0)\n" + WRONG),
    Attack(
        "assert.h seen before",
        "wrong_answer",
        "#define _ASSERT_H 1\n#define _ASSERT_H_DECLS\n#define assert(x)\n" + WRONG,
    ),
    Attack(
        "__assert_fail of its own",
        "wrong_answer",
        'extern "C" void __assert_fail(const char *, const char *, unsigned, const char *) noexcept {}\n'
        + WRONG,
    ),
    Attack(
        "harness's function again",
        "compile_error",
        'extern "C" void aibench_assertion_failed(const char *, const char *, int) {}\n' + WRONG,
    ),
    Attack(
        "harness's function as a macro",
        "compile_error",
        "#define aibench_assertion_failed(...) 0\n" + WRONG,
    ),
    Attack(
        "_exit of its own",
        "wrong_answer",
        'extern "C" void _exit(int) { for (;;) {} }\nextern "C" int fflush(void *) { return 0; }\n'
        + WRONG,
    ),
    Attack(
        "write and read of its own",
        "wrong_answer",
        'extern "C" long write(int, const void *, unsigned long) { return 1; }\nextern "C" long read(int, void *, unsigned long) { return 1; }\n'
        + WRONG,
    ),
    Attack(
        "fflush that never returns",
        "wrong_answer exited_early",
        'extern "C" void quick_exit(int);\nextern "C" int fflush(void *) { quick_exit(0); return 0; }\n'
        + WRONG,
    ),
    Attack(
        "start-up of its own",
        "compile_error",
        'extern "C" int __wrap___libc_start_main() { return 0; }\n' + WRONG,
    ),
    Attack(
        "libc's start-up again",
        "exited_early crashed compile_error wrong_answer",
        'extern "C" void _exit(int);\nextern "C" int __libc_start_main() { _exit(0); return 0; }\n'
        + WRONG,
    ),
    Attack("entry point again", "compile_error", 'extern "C" void _start() {}\n' + WRONG),
    Attack("main of its own", "compile_error", WRONG + "int main() { return 0; }"),
    Attack("main renamed", "compile_error", WRONG + "int main() { return 0; }\n#define main other"),
    Attack("tests left out", "compile_error", WRONG + "int main() { return 0; }\n#if 0\n"),
    Attack("tests in a comment", "compile_error", WRONG + "int main() { return 0; }\n/*"),
    Attack(
        "tests in a raw string",
        "compile_error",
        WRONG + 'int main() { return 0; }\nconst char *s = R"(',
    ),
    Attack("tests in a template", "compile_error", WRONG + "template <class T> struct X {"),
    Attack("comparison as a macro", "compile_error", WRONG + "#define same(...) true"),
    Attack(
        "type as a macro",
        "compile_error",
        WRONG + "#define bool struct X { X(int) {} operator int() { return 1; } }; X",
    ),
    Attack("wrong test header", "wrong_answer compile_error", '#include "tests.cpp"\n' + WRONG),
    Attack("exception", "runtime_error", "int add(int, int) { throw 1; }"),
    Attack("invalid pointer", "crashed", "int add(int, int) { return *(volatile int *)0; }"),
    Attack(
        "deep recursion",
        "crashed",
        "int add(int a, int b) { volatile char x[999]; x[0] = 1; return add(a, b) + x[0]; }",
    ),
    Attack(
        "failing destructor",
        "crashed runtime_error",
        INCLUDES + "struct X { ~X() { abort(); } } x;\n" + HONEST,
    ),
    Attack("endless loop", "timeout", "int add(int, int) { for (volatile int i = 0;; i++) {} }"),
    Attack("sleep", "timeout", INCLUDES + "int add(int, int) { sleep(1000); return 0; }"),
    Attack(
        "full heap",
        "out_of_memory",
        "int add(int, int) { for (;;) { char *p = new char[1 << 20]; for (int i = 0; i < 1 << 20; i += 4096) p[i] = 1; } }",
    ),
    Attack(
        "fork bomb",
        "timeout passed wrong_answer",
        INCLUDES + "int add(int, int) { for (;;) fork(); }",
    ),
    Attack(
        "process that stays",
        "passed",
        INCLUDES
        + "int add(int a, int b) { if (!fork()) { setsid(); sleep(1000); } return a + b; }",
    ),
    Attack(
        "flood of output",
        "output_limit",
        INCLUDES
        + "int add(int, int) { static char x[65536]; for (;;) if (write(1, x, sizeof x)) {} }",
    ),
    Attack(
        "files for the next program",
        "passed",
        INCLUDES
        + '#include <fstream>\nint add(int a, int b) { std::ofstream("/tmp/a") << 1; std::ofstream("/var/tmp/a") << 1; std::ofstream("/opt/aibench/cpp/proof.o") << 1; return a + b; }',
    ),
    Attack(
        "endless template",
        "compile_error timeout out_of_memory",
        "template <int N, int M> struct B { static const long v = B<N - 1, M>::v + B<N, M - 1>::v; }; template <int M> struct B<0, M> { static const long v = 1; }; template <int N> struct B<N, 0> { static const long v = 1; }; int add(int, int) { return B<700, 700>::v; }",
    ),
    Attack(
        "endless constant",
        "compile_error timeout",
        "constexpr long f(long n) { long s = 0; for (long i = 0; i < n; i++) for (long j = 0; j < n; j++) s += i ^ j; return s; } constexpr long x = f(200000); int add(int, int) { return x; }",
    ),
    Attack("huge object", "compile_error", "int x[1 << 28] = {1};\n" + HONEST),
    Attack(
        "endless include", "compile_error timeout out_of_memory", '#include "/dev/zero"\n' + HONEST
    ),
    Attack("reads what it may not", "compile_error", '#include "/proc/1/environ"\n' + HONEST),
]
BATTERY = Battery("cpp", TESTS, CANARY, WRONG, tuple(ROWS))
