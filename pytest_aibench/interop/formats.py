"""The formats by name, and which of them a file is in."""

from __future__ import annotations

import difflib
from pathlib import Path

from pytest_aibench.errors import DataError, UsageError
from pytest_aibench.interop.bigcode import BigCode
from pytest_aibench.interop.cruxeval import CruxEval
from pytest_aibench.interop.evalplus import EvalPlus, EvalPlusFolder
from pytest_aibench.interop.evalplus_results import EvalPlusResults
from pytest_aibench.interop.human_eval import HumanEval
from pytest_aibench.interop.humaneval_x import HumanEvalX
from pytest_aibench.interop.lm_eval_log import LmEvalLog
from pytest_aibench.interop.multipl_e import MultiPLE
from pytest_aibench.interop.rows import Journal, Rows
from pytest_aibench.interop.samples import Format
from pytest_aibench.interop.textfiles import forget

__all__ = ["FORMATS", "detect_format", "get_format"]

_ALL: tuple[Format, ...] = (
    Journal(),
    Rows(),
    HumanEval(results=False),
    HumanEval(results=True),
    EvalPlus(),
    EvalPlusFolder(),
    EvalPlusResults(),
    BigCode(),
    MultiPLE(results=False),
    MultiPLE(results=True),
    HumanEvalX(results=False),
    HumanEvalX(results=True),
    CruxEval(results=False),
    CruxEval(results=True),
    LmEvalLog(),
)

FORMATS = {format_.name: format_ for format_ in _ALL}
"""In the order in which they are tried; no file is in two of them."""


def get_format(name: str) -> Format:
    """The format of that name. Raises `UsageError`."""
    if name in FORMATS:
        return FORMATS[name]
    near = difflib.get_close_matches(name, FORMATS, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise UsageError(f"there is no format {name!r}{hint} (known: {', '.join(FORMATS)})")


def detect_format(path: Path) -> Format:
    """The format that the file or folder at `path` is in.

    Raises:
        DataError: it does not exist, or is in none.
    """
    if not path.exists():
        raise DataError(f"{path}: there is no such file or folder")
    forget()
    found = next((format_ for format_ in _ALL if format_.detect(path)), None)
    forget()
    if found is None:
        raise DataError(
            f"{path}: is in no format that is known; give it with --format (one of "
            f"{', '.join(FORMATS)})"
        )
    return found
