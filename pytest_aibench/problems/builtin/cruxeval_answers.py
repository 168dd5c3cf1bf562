"""What a reply to a problem of CRUXEval predicts.

As in facebookresearch/cruxeval, `inference/tasks/*_prediction.py`, but read by Python's syntax: a
value that holds `==` is not cut in two.
"""

from __future__ import annotations

import ast
import re
import warnings

__all__ = ["find_answer", "predicted_input", "predicted_output"]

_FENCED = re.compile(r"```\w*\n(.*?)\n?```", re.DOTALL)
_ASSERTION = re.compile(r"\bassert f\(.*")


def find_answer(reply: str) -> str:
    """What a reply gives as its answer: an assertion, or a part of one.

    That is the text between the first `[ANSWER]` and `[/ANSWER]`; without these, the last assertion
    about `f` in the reply, or else the whole reply. A fence around it is removed.
    """
    _, tag, tagged = reply.partition("[ANSWER]")
    text = (tagged if tag else reply).partition("[/ANSWER]")[0].strip()
    assertions = () if tag else _ASSERTION.findall(text)
    if assertions:
        text = assertions[-1].rstrip("`")
    fenced = _FENCED.fullmatch(text)
    return (fenced[1] if fenced else text).strip()


def predicted_output(answer: str) -> str:
    """The right side of `assert CALL == OUTPUT`, which may stand alone."""
    side = _side(answer, right=True)
    return (answer.partition("==")[2] or answer).strip() if side is None else side


def predicted_input(answer: str) -> str:
    """The left side of `assert CALL == OUTPUT`, which may stand alone."""
    side = _side(answer, right=False)
    return _expression(answer.partition("==")[0]) if side is None else side


def _expression(answer: str) -> str:
    return re.sub(r"^assert\b", "", answer).strip()


def _side(answer: str, *, right: bool) -> str | None:
    """One side of the asserted equation, or all that is asserted; None where it is no Python."""
    source = f"assert {_expression(answer)}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            statement, *others = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if others or not isinstance(statement, ast.Assert):
        return None
    asserted = statement.test
    if isinstance(asserted, ast.Compare) and isinstance(asserted.ops[0], ast.Eq):
        asserted = asserted.comparators[0] if right else asserted.left
    return ast.get_source_segment(source, asserted)
