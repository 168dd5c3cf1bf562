"""APPS's metric and our judge, on the same solutions and tests.

`python -m tests.parity.apps FOLDER [--texts N]`, where FOLDER has `testing_util.py` of
codeparrot/apps_metric. Compared is whether a solution passes all tests: of solutions that try what
a program finds around it, each in a process of its own; and of N pairs of texts, printed and
expected, in the forms that the metric's comparisons tell apart. No sandbox: what runs is from here.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import multiprocessing
import os
import random
import sys
import types
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from pytest_aibench.problems.builtin.apps_programs import compose_solution, compose_tests
from pytest_aibench.problems.problem import Problem
from pytest_aibench.profiles.guard import APPS_RULES

Tests = dict[str, Any]
Passes = Callable[[str, Tests], bool]

# Each prints its input's number again, or does not, by what the metric lets it find.
PRINTING = (
    "print(input())",
    "import sys\nprint(sys.stdin.readline())",
    "import sys\nprint(sys.stdin.read())",
    "import sys\nprint(*sys.stdin)",
    "import sys\nprint(sys.stdin.buffer.readline())",
    "from sys import stdin\nprint(stdin.readline())",
    "from sys import stdin\nprint(*stdin)",
    "from sys import stdin\nprint(*stdin.readlines())",
    "\nfrom sys import stdin\nprint(*stdin)",
    "from sys import stdin\nprint(stdin.readline(), stdin.readline(), stdin.readline())",
    "print(stdin.read())",
    "stdout.write(input())",
    "import sys\nsys.stdout.write(input())",
    "import sys\nsys.stdout.write(input())\nsys.stdout.flush()\nsys.exit(3)",
    "print(input())\nexit()",
    "print(input())\nraise SystemExit",
    "print(input())\nraise ValueError",
    "print(input())\nraise KeyboardInterrupt",
    "print(input())\nreturn\nprint(2)",
    "if __name__ == '__main__':\n    print(input())",
    "def main():\n    print(input())\nmain()",
    "n = input()\ndef show():\n    print(n)\nshow()",
    "n = input()\ndef show():\n    global n\n    print(n)\nshow()",
    "print(open(0).read())",
    "with open('input.txt') as file:\n    print(*file)",
    "from os import *\nprint(input())",
    "n = input()\nfrom math import *\nprint(n)",
    "import os\nos.write(1, input().encode())",
    "import os, sys\nprint(input(), file=sys.stderr)",
    "import os\nos.getcwd()\nprint(input())",
    "import sys\nsys.stdin = open(0)\nprint(input())",
    "import sys\nsys.stdout = sys.stderr\nprint(input())",
    "import io, sys\nsys.stdout, real = io.StringIO(), sys.stdout\nreal.write(input())",
    "print('''\n1''' if input() else '')",
    "for line in open('x'):\n    print(line)\n    break",
    "print(input(), end='')",
    "print(input() or input())",
    "print(np.array([int(input())])[0])",
    "print(gcd(int(input()), 0), Counter, sep=chr(10))",
    "print(int(input()) + 0.000001)",
    "print(int(input()) + 0.001)",
    "global count\ncount = input()\nprint(count)",
    "try:\n    seen += 1\nexcept NameError:\n    seen = 0\nprint(input())",
    "",
    "import sys",
    "print(",
)
INPUTS = ("1", "1\n", "\n1\n", "1\n2", ["1", "2"])

FUNCTIONS: tuple[tuple[str, str, list[Any], list[Any]], ...] = (
    ("def f(a, b): return a + b", "f", [[1, 2]], [3]),
    ("def f(a, b): return a + b", "f", [[1, 2]], [[3]]),
    ("def f(a): return (a, a)", "f", [[1]], [[1, 1]]),
    ("def f(a): return (a, a)", "f", [[1]], [[[1, 1]]]),
    ("def f(a): return [(a, a)]", "f", [[1]], [[[[1, 1]]]]),
    ("def f(a): return [(a, a)]", "f", [[1]], [[[1, 1]]]),
    ("def f(a): return {1: a}", "f", [[2]], [{"1": 2}]),
    ("def f(a): return {1: a}", "f", [[2]], [[{"1": 2}]]),
    ("def f(a): return {'x': a}", "f", [[2]], [{"x": 2}]),
    ("def f(a): return a[3]", "f", [[{"3": 4}]], [4]),
    ("def f(a): return a['x']", "f", [[{"x": 4}]], [4]),
    ("def f(a, b): return b", "f", [[{"3": 4}, 5]], [5]),
    ("def f(a): return np.array([a])", "f", [[2]], [[2]]),
    ("def f(a): return np.int64(a)", "f", [[2]], [2]),
    ("def f(a): return a + 1e-9", "f", [[2]], [2]),
    ("def f(a): raise SystemExit", "f", [[2]], [2]),
    ("def f(a): return input()", "f", [[2]], [2]),
    ("def f(a): return exit()", "f", [[2]], [None]),
    ("def g(a): return a", "f", [[2]], [2]),
    ("class Solution:\n def f(self, a): return a", "f", [[2]], [2]),
    ("class Solution:\n def f(self, a): return a\nprint('x')", "f", [[2], [3]], [2, 3]),
    ("class Solution:\n def f(self, a): return a", "f", [[2], [3]], [2, 4]),
    ("f = lambda a: a", "f", [], []),
    ("f = lambda a: a", "f", [[2], [3]], [2]),
)


def ours(code: str, tests: Tests) -> bool:
    """Whether the program that we would send to the sandbox runs to its end."""
    problem = Problem("p/0", "", tests.get("fn_name", ""), "", task="write")
    namespace: dict[str, Any] = {}
    text = json.dumps(tests)
    solution = compose_solution(problem, code)
    try:
        exec(solution, namespace)
        exec(compose_tests(problem, text), namespace)
    except BaseException:
        return False
    return True


def ours_guarded(code: str, tests: Tests) -> bool:
    """`ours`, under what the profile `bigcode` takes away."""
    for name in APPS_RULES.loaded:
        if name in code:
            import_module(name)
    exec(APPS_RULES.guard, {})
    return ours(code, tests)


def their_passes(util: Any) -> Passes:
    """Whether `all(result > 0)`, as `get_results` in the metric's `utils.py` has it."""

    def passes(code: str, tests: Tests) -> bool:
        try:
            found = util.run_test({"input_output": json.dumps(tests)}, test=code)
        except BaseException:  # there the process ends, and every test counts as failed
            return False
        return all(result > 0 for result in found)

    return passes


def load(folder: Path) -> Any:
    """`testing_util.py`, with what it needs of pyext, which Python 3.11 cannot install."""

    class RuntimeModule:
        @staticmethod
        def from_string(name: str, _: str, source: str) -> types.ModuleType:
            module = types.ModuleType(name)
            exec(source, module.__dict__)
            return module

    sys.modules["pyext"] = types.ModuleType("pyext")
    sys.modules["pyext"].RuntimeModule = RuntimeModule  # type: ignore[attr-defined]
    spec = importlib.util.spec_from_file_location("testing_util", folder / "testing_util.py")
    assert spec is not None
    assert spec.loader is not None
    util = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(util)
    return util


def apart(passes: Passes, code: str, tests: Tests) -> bool:
    """`passes`, in a process that may be left in any state."""
    results = multiprocessing.get_context("fork").SimpleQueue()

    def run() -> None:
        with silence():
            found = passes(code, tests)
        results.put(found)
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join()
    return bool(not results.empty() and results.get())


@contextlib.contextmanager
def silence() -> Iterator[None]:
    # Files, as the metric's faulthandler wants descriptors.
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        yield


def text_pairs(count: int) -> Iterator[tuple[str, str]]:
    """Printed and expected texts that are often nearly the same."""
    source = random.Random(1)
    words = ("1", "2", "1.0", "1.0001", "1.00000001", "2.0004", "nan", "inf", "a", "b", "-0", "1e3")
    ends = ("\n", "\n", "\n\n", " \n", "\t\n", "\r\n", "\x0c", "\n \n")
    spaces = (" ", " ", "  ", "\t")

    def text(lines: list[list[str]]) -> str:
        rows = (source.choice(spaces).join(line) + source.choice(ends) for line in lines)
        whole = "".join(rows)
        return whole.strip() if source.random() < 0.3 else whole

    for _ in range(count):
        lines = [source.choices(words, k=source.randint(0, 2)) for _ in range(source.randint(0, 3))]
        other = [line[:] for line in lines]
        change = source.random()
        if change < 0.25:
            source.shuffle(other)
        elif change < 0.5 and other:
            source.shuffle(source.choice(other))
        elif change < 0.75 and other:
            other[source.randrange(len(other))] = source.choices(words, k=source.randint(0, 2))
        yield text(lines), text(other)


def compare(folder: Path, texts: int) -> int:
    """How many verdicts differ, each of them printed."""
    util = load(folder)
    passes = their_passes(util)
    cases: list[tuple[str, Tests]] = [
        (code, {"inputs": [given], "outputs": [expected]})
        for code in PRINTING
        for given in INPUTS
        for expected in ("1", ["1", ""])
    ]
    cases += [
        (code, {"fn_name": name, "inputs": inputs, "outputs": outputs})
        for code, name, inputs, outputs in FUNCTIONS
    ]
    found = [(*case, apart(passes, *case), apart(ours_guarded, *case)) for case in cases]
    util.reliability_guard = lambda: None
    for printed, expected in text_pairs(texts):
        case = f"print({printed!r}, end='')", {"inputs": [""], "outputs": [expected]}
        with silence():
            found.append((*case, passes(*case), ours(*case)))
    different = [row for row in found if row[2] is not row[3]]
    for code, tests, theirs, own in different:
        print(f"there {theirs}, here {own}: {code!r} {tests}")
    passed = sum(row[2] for row in found)
    print(f"{len(found)} compared, {passed} pass there, {len(different)} differ")
    return len(different)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", type=int, default=5_000)
    given = parser.parse_args()
    sys.exit(bool(compare(given.folder, given.texts)))
