"""How DS-1000 runs a solution. This file runs in the sandbox, as a part of the solution.

A program of the benchmark is a script that reads its input from a file, by the number of the test
case, with the solution in its middle. What follows the solution belongs to the tests.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["run", "scripts", "write"]


def run(program: str, files: dict[str, str], cases: int) -> list[dict[str, Any]]:
    """The namespaces that `program` leaves behind, one for each test case."""
    write(files)
    Path("result").mkdir(exist_ok=True)
    code = compile(program, "<solution>", "exec", dont_inherit=True)
    spaces: list[dict[str, Any]] = []
    for _ in scripts(cases):
        spaces.append({"__name__": "__main__"})
        exec(code, spaces[-1])
    return spaces


def scripts(cases: int) -> Iterator[int]:
    """The numbers of the test cases, each on the command line while it is used."""
    for case in range(1, cases + 1):
        sys.argv = ["program.py", "--test_case", str(case)]
        yield case


def write(files: dict[str, str]) -> None:
    """Files in Base64, by their paths in the working folder."""
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(content))
