"""Recorded replies: a samples file as a model.

Rows of JSON Lines, gzip where the name ends in .gz:
`{"task_id": ..., "completion" | "solution" | "reply": text, "sample"?: i, "finish_reason"?: ...}`.
The i-th row of a task is its sample i unless `sample` says otherwise.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from pytest_aibench.errors import DataError
from pytest_aibench.models.base import LocalModel, ModelIdentity, Reply, ReplyForm, Request
from pytest_aibench.models.errors import NoReplyError
from pytest_aibench.models.spec import ModelSpec

__all__ = ["ReplayModel", "open_model"]

_FORMS = {
    "completion": ReplyForm.COMPLETION,
    "solution": ReplyForm.SOLUTION,
    "reply": ReplyForm.CHAT,
}
_FINISH_REASONS = ("stop", "length", "refusal")
_MAX_SAMPLE = 1_000_000


class ReplayModel(LocalModel):
    """Replies from a file, read once to check every row and then by offset.

    Memory holds one offset a row, not its text: eight workers may replay the same large file.

    Raises:
        DataError: the file is absent, or a row is malformed (`FILE:LINE: reason`).
    """

    def __init__(self, path: Path, spec: str | None = None) -> None:
        self._path = path
        self._rows: dict[str, array[int]] = {}
        digest = hashlib.sha256()
        self._file = _open_plain(path)
        try:
            self._index(digest)
        except BaseException:
            self._file.close()
            raise
        self._identity = ModelIdentity(
            spec or f"replay/{path}", "replay", path.name, digest=f"sha256:{digest.hexdigest()}"
        )

    @property
    def identity(self) -> ModelIdentity:
        """`digest` is the SHA-256 of the rows as they are after decompression."""
        return self._identity

    def answer(self, request: Request) -> Reply:
        return _reply(json.loads(self._line(request.problem.id, request.sample)))

    def release(self) -> None:
        self._file.close()

    def _line(self, task: str, sample: int) -> bytes:
        offsets = self._rows.get(task, array("q"))
        if not (0 <= sample < len(offsets)) or offsets[sample] < 0:
            raise NoReplyError(self._lacks(task, sample, offsets))
        self._file.seek(offsets[sample])
        return self._file.readline()

    def _lacks(self, task: str, sample: int, offsets: array[int]) -> str:
        count = sum(1 for offset in offsets if offset >= 0)
        have = f"has {count} sample{'s' * (count != 1)} of {task}" if count else f"lacks {task}"
        return f"{self._path.name} {have}, sample {sample} was asked (samples count from 0)"

    def _index(self, digest: Any) -> None:
        counts: dict[str, int] = {}
        for number, offset, line in _lines(self._file):
            digest.update(line)
            if line.isspace():
                continue
            where = f"{self._path}:{number}"
            row = _checked(line, where)
            task = row["task_id"]
            sample = row.get("sample", counts.get(task, 0))
            counts[task] = counts.get(task, 0) + 1
            self._place(task, sample, offset, where)
        if not self._rows:
            raise DataError(f"{self._path} has no rows; expected one JSON object a line")

    def _place(self, task: str, sample: int, offset: int, where: str) -> None:
        offsets = self._rows.setdefault(task, array("q"))
        offsets.extend([-1] * (sample + 1 - len(offsets)))
        if offsets[sample] >= 0:
            raise DataError(f"{where}: sample {sample} of {task} is in the file twice")
        offsets[sample] = offset


def open_model(spec: ModelSpec) -> ReplayModel:
    """`replay/FILE`, relative to the current folder."""
    return ReplayModel(Path(spec.name).expanduser(), spec.text)


def _open_plain(path: Path) -> IO[bytes]:
    """`path` opened for reading by offset; a gzip file is unpacked into an unnamed file first."""
    try:
        if path.suffix != ".gz":
            return path.open("rb")
        with gzip.open(path) as packed:
            return _unpacked(packed)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(
            f"--model replay/{path}: cannot read the file ({reason}); give the path of a samples "
            "file (.jsonl or .jsonl.gz)"
        ) from error


def _unpacked(packed: gzip.GzipFile) -> IO[bytes]:
    plain = tempfile.TemporaryFile(prefix="aibench-replay-")  # noqa: SIM115 - the model owns it
    try:
        while block := packed.read(1 << 20):
            plain.write(block)
        plain.seek(0)
    except BaseException:
        plain.close()
        raise
    return plain


def _lines(file: IO[bytes]) -> Iterator[tuple[int, int, bytes]]:
    offset = 0
    for number, line in enumerate(file, 1):
        yield number, offset, line
        offset += len(line)


def _checked(line: bytes, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where}: not JSON ({error})") from error
    reason = _fault(row)
    if reason:
        raise DataError(f"{where}: {reason}")
    checked: dict[str, Any] = row
    return checked


def _fault(row: Any) -> str | None:
    if not isinstance(row, dict):
        return f"expected a JSON object, got {type(row).__name__}"
    if not isinstance(row.get("task_id"), str) or not row["task_id"]:
        return '"task_id" is missing or not a text'
    forms = [name for name in _FORMS if name in row]
    if len(forms) != 1:
        found = " and ".join(f'"{name}"' for name in forms) or "none of them"
        return f'expected one of "completion", "solution", "reply", found {found}'
    if not isinstance(row[forms[0]], str):
        return f'"{forms[0]}" is not a text'
    return _fault_of_optional(row)


def _fault_of_optional(row: dict[str, Any]) -> str | None:
    sample = row.get("sample", 0)
    if type(sample) is not int or not 0 <= sample <= _MAX_SAMPLE:
        return f'"sample" must be a whole number from 0 to {_MAX_SAMPLE}, got {sample!r}'
    if row.get("finish_reason", "stop") not in _FINISH_REASONS:
        return f'"finish_reason" must be one of {", ".join(_FINISH_REASONS)}'
    return None


def _reply(row: dict[str, Any]) -> Reply:
    name = next(name for name in _FORMS if name in row)
    return Reply(row[name], _FORMS[name], finish_reason=row.get("finish_reason", "stop"))
