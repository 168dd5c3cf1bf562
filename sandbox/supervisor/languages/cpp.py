"""C++ programs: compiled with the image's precompiled headers, then executed.

The solution is a file of its own, which the file of the tests includes; so it can neither leave a
comment or a condition open, nor reach the harness's names behind it.

First part: a JSON object with the texts `preamble`, `solution`, `tests`, the standard `std`, the
further arguments `flags`, `reserved` (names that the solution must not define as macros),
`declaration` (how the prompt declares the function `entry`, or empty), `forged` (whether the
solution compares values that are not its own), and `memory`, the address space of the program in
bytes. The second part is empty: it is asked for when the program is compiled. The program itself
asks for the secret (`cpp/proof.c`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
from pathlib import Path
from string import Template
from typing import Any

from supervisor.languages.protocol import Parts, report

__all__ = ["run"]

_HOME = "/opt/aibench/cpp"
_COMPILER = "/usr/bin/g++"
_NEEDED = (_COMPILER, "/usr/bin/mold", f"{_HOME}/proof.o", f"{_HOME}/include/aibench.h")
_ERRORS = "errors.txt"
_MOST_ERRORS = 64 << 10
_ERROR = re.compile(r"^.*\b(?:error|undefined reference|multiple definition)\b.*$", re.M)
_JOINT = '#include "solution.cpp"\n#include "guards.h"\n#line 1 "tests.cpp"\n'
_EVERYTHING = "#include <bits/stdc++.h>\n"
# What may stand before a header without changing what it means.
_OPENING = re.compile(
    r"(?:\s|//[^\n]*\n|/\*.*?\*/|#\s*include\s*<[^>\n]+>|using\s+namespace\s+std\s*;)*", re.S
)
_HEADER = re.compile(r"#\s*include\s*<bits/stdc\+\+\.h>")


def run() -> None:
    """Compile, then become the program; never returns."""
    parts = Parts()
    source = json.loads(parts.next())
    status = _compile(source)
    if status:
        _check_compiler()
        errors = _read_errors()
        os.write(2, errors)
        text = errors.decode("utf-8", "replace")
        first = _ERROR.search(text)
        message = first[0].strip() if first else f"the compiler ended with status {status}"
        report({"phase": "compile", "message": message[:1000]})
        os._exit(1)
    for name in ("solution.cpp", "guards.h", "tests.cpp", _ERRORS):
        Path(name).unlink()
    parts.next()
    resource.setrlimit(resource.RLIMIT_AS, (source["memory"], source["memory"]))
    os.execv("program", ["program"])


def _compile(source: dict[str, Any]) -> int:
    """The compiler's exit status, negative for a signal."""
    first, preamble = _first_header(source)
    _write("solution.cpp", preamble + '#line 1 "solution.cpp"\n' + source["solution"] + "\n")
    _write("guards.h", _guards(source))
    _write("tests.cpp", _JOINT + source["tests"] + "\n" + _signature(source))
    arguments = [
        *(f"-std={source['std']}", "-O0", "-pipe", "-fuse-ld=mold", f"-I{_HOME}/include"),
        *("-include", first, "-Wl,--wrap=__libc_start_main,--as-needed,--no-fork,--thread-count=1"),
        *("-o", "program", "tests.cpp", f"{_HOME}/proof.o", *source["flags"]),
    ]
    actions = [
        (os.POSIX_SPAWN_OPEN, 2, _ERRORS, os.O_WRONLY | os.O_CREAT, 0o600),
        (os.POSIX_SPAWN_CLOSE, 3),
    ]
    environment = {**os.environ, "LC_ALL": "C"}
    pid = os.posix_spawn(_COMPILER, [_COMPILER, *arguments], environment, file_actions=actions)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _check_compiler() -> None:
    """Leave without a report, which is an error of the sandbox, where the image lacks something."""
    missing = [path for path in _NEEDED if not Path(path).exists()]
    if missing:
        os.write(2, f"{missing[0]} is missing\n".encode())
        os._exit(127)


def _first_header(source: dict[str, Any]) -> tuple[str, str]:
    """The header to begin with, and what it leaves of the preamble.

    A precompiled header holds exactly the preamble, or all of the standard library where that is
    the first thing the program asks for, so that the program means the same as without it.
    """
    preamble, std = source["preamble"], source["std"]
    if preamble and (header := _precompiled(std, preamble)):
        return header, ""
    opening = _OPENING.match(preamble + source["solution"])
    if opening and _HEADER.search(opening[0]) and (header := _precompiled(std, _EVERYTHING)):
        return header, preamble
    return f"{_HOME}/include/aibench.h", preamble


def _precompiled(std: str, text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    path = Path(f"{_HOME}/precompiled/{std}-{digest}/first.h")
    return str(path) if path.exists() else ""


# A call with the declared arguments must yield the declared type, or a builtin one: neither is a
# class of the solution's making. Where no such call is possible, the tests will say so.
_SIGNATURE = Template("""
namespace aibench_declared { using namespace std; $declaration; }
namespace aibench_guard {
template <class T> struct plain { typedef T type; };
template <class T> struct plain<T &> : plain<T> {};
template <class T> struct plain<T &&> : plain<T> {};
template <class T> struct plain<const T> : plain<T> {};
template <class T, class U> struct same { static const bool value = false; };
template <class T> struct same<T, T> { static const bool value = true; };
template <class T> T &some();
template <class T> struct answer;
template <class R, class... A> struct answer<R(A...)> {
  template <class... B>
  static plain<typename plain<decltype(::$entry(some<B>()...))>::type> found(int);
  template <class... B> static plain<typename plain<R>::type> found(...);
  typedef typename decltype(found<A...>(0))::type type;
  static const bool value = same<type, typename plain<R>::type>::value ||
                            !(__is_class(type) || __is_union(type) || __is_enum(type));
};
static_assert(answer<decltype(aibench_declared::$entry)>::value,
              "the solution returns a type of its own from $entry, which the tests use");
}
""")


def _guards(source: dict[str, Any]) -> str:
    """What stands between solution and tests: the refusal of what would change the tests."""
    lines = []
    for name in source["reserved"]:
        lines += [
            f"#ifdef {name}",
            f"#error the solution defines the macro {name}, which the tests use",
            "#endif",
        ]
    if source["forged"]:
        lines.append("#error the solution compares values of types that are not its own")
    lines += ["#undef NDEBUG", "#include <assert.h>"]
    return "\n".join(lines) + "\n"


def _signature(source: dict[str, Any]) -> str:
    """What stands behind the tests, whose own errors come first."""
    return '#line 1 "guards.h"' + _SIGNATURE.substitute(source) if source["declaration"] else ""


def _write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8", errors="replace")


def _read_errors() -> bytes:
    try:
        with open(_ERRORS, "rb") as file:
            return file.read(_MOST_ERRORS)
    except OSError as error:
        return f"the compiler's messages cannot be read: {error}\n".encode()
