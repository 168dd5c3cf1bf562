"""Problem files: one JSON object a line, plain or gzip, in HumanEval's form.

Required keys are `task_id`, `prompt`, `entry_point` and `test`; optional ones are
`canonical_solution`, `language`, `wrong_solutions`, `tags` and `context`. Others are ignored.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pytest_aibench.errors import DataError
from pytest_aibench.problems.problem import LANGUAGES, Dataset, Problem
from pytest_aibench.problems.rules import check_entry_point, check_task_id, check_text

__all__ = ["decompress", "json_rows", "parse_problems", "read_problems"]

_GZIP_MAGIC = b"\x1f\x8b"


def read_problems(path: Path) -> Dataset:
    """The problems of the file at `path`, in its order.

    The digest is the SHA-256 of the file's bytes as they are stored (compressed or not).

    Raises:
        DataError: the file cannot be read, or a row is malformed (file, line and reason).
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot read the problem file {path}: {error.strerror}") from error
    return parse_problems(content, str(path))


def parse_problems(content: bytes, source: str) -> Dataset:
    """The problems in the bytes of a problem file; `source` names it in errors.

    Raises:
        DataError: as `read_problems`.
    """
    problems: dict[str, Problem] = {}
    lines: dict[str, int] = {}
    for number, row in json_rows(content, source):
        with _at(source, number):
            problem = _problem(row)
            if problem.id in problems:
                first = lines[problem.id]
                raise ValueError(f"task_id {problem.id!r} is not unique (line {first} has it)")
        problems[problem.id], lines[problem.id] = problem, number
    if not problems:
        raise DataError(f"{source}: the file holds no problems")
    return Dataset(tuple(problems.values()), hashlib.sha256(content).hexdigest(), source)


def json_rows(content: bytes, source: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number (from 1) and object of every line of JSON Lines; blank lines are skipped.

    Raises:
        DataError: bad gzip data, a line that is not UTF-8, not JSON, or not an object.
    """
    # Only LF ends a line: str.splitlines would also cut at U+2028, which JSON strings may hold.
    text = decompress(content, source).removeprefix(b"\xef\xbb\xbf")
    for number, line in enumerate(text.split(b"\n"), start=1):
        if line.strip():
            with _at(source, number):
                row = _object(line)
            yield number, row


def decompress(content: bytes, source: str) -> bytes:
    """`content`, unpacked if it is gzip data.

    Raises:
        DataError: the gzip data are damaged, or the name promises gzip and the content is not.
    """
    if not content.startswith(_GZIP_MAGIC):
        if content and source.endswith(".gz"):
            raise DataError(f"{source}: not gzip data; rename the file or compress it again")
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{source}: damaged gzip data ({error}); fetch the file again") from error


def _object(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start} of the line") from error
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"not valid JSON: {error}") from error
    if not isinstance(row, dict):
        raise ValueError(f"expected a JSON object, got {type(row).__name__}")
    return row


def _problem(row: dict[str, Any]) -> Problem:
    language = _string(row, "language", "python")
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}; known: {', '.join(LANGUAGES)}")
    return Problem(
        id=check_task_id(_string(row, "task_id")),
        prompt=_string(row, "prompt"),
        entry_point=check_entry_point(_string(row, "entry_point"), language),
        test=_string(row, "test"),
        canonical_solution=_optional_string(row, "canonical_solution"),
        language=language,
        wrong_solutions=_strings(row, "wrong_solutions"),
        tags=_strings(row, "tags"),
        context=_string(row, "context", ""),
    )


def _string(row: dict[str, Any], key: str, default: str | None = None) -> str:
    value = row.get(key, default)
    if value is None and key not in row:
        raise ValueError(f"key {key!r} is missing")
    if not isinstance(value, str):
        raise ValueError(f"key {key!r} must be a string, not {type(value).__name__}")
    return check_text(value, key)


def _optional_string(row: dict[str, Any], key: str) -> str | None:
    return None if row.get(key) is None else _string(row, key)


def _strings(row: dict[str, Any], key: str) -> tuple[str, ...]:
    values = row.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"key {key!r} must be a list of strings")
    return tuple(check_text(value, key) for value in values)


@contextmanager
def _at(source: str, number: int) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise DataError(f"{source}, line {number}: {error}") from error
