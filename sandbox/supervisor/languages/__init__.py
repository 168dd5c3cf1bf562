"""How PID 1 runs a program of each language: one module each, one function in `RUNNERS`.

A runner is called in the sample's own process. It receives the parts of the program from the
control descriptor one by one (`protocol.Parts`), runs them, and reports there how they ended.
"""

from __future__ import annotations

from collections.abc import Callable

from supervisor.languages import cpp, java, javascript, javascript_split, python, python_split

__all__ = ["RUNNERS"]

RUNNERS: dict[str, Callable[[], None]] = {
    "cpp": cpp.run,
    "java": java.run,
    "javascript": javascript.run,
    "javascript-split": javascript_split.run,
    "python": python.run,
    "python-data": python.run,
    "python-split": python_split.run,
}
