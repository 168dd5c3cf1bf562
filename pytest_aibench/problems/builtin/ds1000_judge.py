"""DS-1000's judgement of a solution. This file runs in the sandbox, as a part of the tests.

As in HKUNLP/DS-1000, `ds1000.py` (commit 49c1c54): the script goes on after the solution and writes
a result for each test case, which the problem's own `test` compares with the published answer; some
problems have a `stringTest` of the solution's text besides. Here the results that the solution has
written itself are thrown away, as the rest of the script is what writes them.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import io
import pickle
import shutil
import sys
import tokenize
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["check"]

# What Python's parser leaves out of its tree.
_NO_LEAVES = {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING}


def check(
    spaces: list[dict[str, Any]],
    *,
    rest: str,
    answers: list[str | None],
    test_code: str,
    text: str | None,
    cases: Iterable[int],
) -> None:
    """Run `rest` of the script in the namespace of each of the `cases`, and compare its results.

    `answers` are pickles in Base64, None where there is nothing to compare with; `test_code`
    defines `test` and `stringTest`, and `text` is what the latter judges, None where it does not.

    Raises:
        AssertionError: a result, or the text, is wrong.
        Exception: the script failed, or the result that it wrote cannot be read.
    """
    _empty(Path("result"))
    failures = [_go_on(rest, space) for space, _ in zip(spaces, cases, strict=True)]
    tests = _tests(test_code)
    if text is not None:
        assert tests["stringTest"](_without_prints(text)), "the text of the solution is not allowed"
    for case, (failure, answer) in enumerate(zip(failures, answers, strict=True), start=1):
        try:
            result = pickle.loads(Path(f"result/result_{case}.pkl").read_bytes())
        except Exception as error:
            raise failure or error from None
        assert tests["test"](result, _unpickled(answer)) == 1, f"wrong for test case {case}"


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def _go_on(rest: str, space: dict[str, Any]) -> Exception | None:
    """What went wrong: only the results count, which may have been written before."""
    try:
        exec(compile(rest, "<script>", "exec", dont_inherit=True), space)
    except Exception as error:
        return error
    return None


def _tests(code: str) -> dict[str, Any]:
    if "parser" not in sys.modules:
        sys.modules["parser"] = _parser()
    tests: dict[str, Any] = {"__name__": "test_code"}
    exec(compile(code, "<tests>", "exec", dont_inherit=True), tests)
    return tests


def _parser() -> ModuleType:
    """As much of the module that Python 3.10 removed as the tests use: the texts of all leaves."""
    module = ModuleType("parser")
    functions: dict[str, Callable[[Any], Any]] = {"suite": _leaves, "st2list": list}
    vars(module).update(functions)
    return module


def _leaves(code: str) -> list[str]:
    ast.parse(code)
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return [token.string for token in tokens if token.type not in _NO_LEAVES]


def _without_prints(text: str) -> str:
    """Without lines that print; of two that follow one another the second stays, as there."""
    lines = text.split("\n")
    for line in lines:
        if "print" in line and "#" not in line.split("print"):
            lines.remove(line)
    return "\n".join(lines)


def _unpickled(answer: str | None) -> Any:
    """None where there is no answer, or none that these versions of the libraries can read."""
    if answer is not None:
        with contextlib.suppress(Exception):
            return pickle.loads(base64.b64decode(answer))
    return None
