"""What is known of one sample: the verdict of its program and the record that reports carry.

Standard library only: workers, the controller, the scores and other tools share these types.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

__all__ = ["BELIEVED", "SampleRecord", "Verdict", "VerdictKind", "one_line", "sanitise"]

BELIEVED = "suspicious"
"""The proof of a suspicious pass that counts all the same, because the run's profile says so."""


class VerdictKind(StrEnum):
    """How a program ended. All kinds but `PASSED` are failures of the model.

    `SUSPICIOUS`: it passed beside its tests, but not with them in a process apart.
    """

    PASSED = "passed"
    SUSPICIOUS = "suspicious"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    COMPILE_ERROR = "compile_error"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    OUTPUT_LIMIT = "output_limit"
    CRASHED = "crashed"
    EXITED_EARLY = "exited_early"
    NO_CODE = "no_code"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the sandbox found of one program.

    `detail` is one line for people (exception and message, signal, limit that was hit).
    `cpu_seconds` and `wall_seconds` are those of the program alone.
    `proof` names how a pass was proven: `"token"`, a secret was released after the tests ended;
    `"plain"`, and the solution's text shows that it only computes; `"split"`, or it passed again
    with tests and solution in two processes; `BELIEVED`, by neither. Of a
    time-out it is `"loop"` where the program was proven never to end, before any limit was reached.
    `stdout` and `stderr` are cut at the sandbox's output limit.
    """

    kind: VerdictKind
    detail: str = ""
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    proof: str = ""
    stdout: str = ""
    stderr: str = ""

    @property
    def passed(self) -> bool:
        return self.kind is VerdictKind.PASSED

    @property
    def by_the_clock(self) -> bool:
        """Whether time decided, which might decide otherwise when it is asked again."""
        return self.kind is VerdictKind.TIMEOUT and not self.proof


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """One sample as reports carry it: small, JSON-able, safe to send between processes.

    `kind` is None where the sample was not measured; `error` then says why.
    Bulk (prompt, reply, program, output) is in the journal under the same three keys
    (`benchmark`, `problem`, `sample`).
    """

    benchmark: str
    problem: str
    sample: int
    kind: VerdictKind | None
    detail: str = ""
    error: str = ""
    truncated: bool = False
    proof: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    model_seconds: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def measured(self) -> bool:
        return self.kind is not None

    @property
    def solved(self) -> bool:
        return self.kind is VerdictKind.PASSED

    def to_json(self) -> str:
        """`to_dict` on one line, in ASCII."""
        return json.dumps(self.to_dict(), ensure_ascii=True)

    def to_dict(self) -> dict[str, Any]:
        """Plain builtin types only; fields that hold their default are left out."""
        plain: dict[str, Any] = {}
        for name, default in _DEFAULTS.items():
            value = getattr(self, name)
            if value != default or name in _ALWAYS:
                plain[name] = sanitise(value)
        return plain

    @classmethod
    def from_json(cls, text: str) -> SampleRecord:
        """The inverse of `to_json`; keys of a newer schema are ignored."""
        row = json.loads(text)
        if not row.keys() <= _DEFAULTS.keys():
            row = {k: v for k, v in row.items() if k in _DEFAULTS}
        row["kind"] = None if row["kind"] is None else VerdictKind(row["kind"])
        return cls(**row)


_ALWAYS = frozenset({"benchmark", "problem", "sample", "kind"})
_DEFAULTS: dict[str, Any] = {
    f.name: {} if f.name == "facts" else f.default for f in fields(SampleRecord)
}


DETAIL_LENGTH = 300
_SAFE = frozenset({type(None), bool, int})


def one_line(text: str) -> str:
    """`text` on one line, cut at `DETAIL_LENGTH` characters, safe for every consumer."""
    line: str = sanitise(" ".join(text.split())[:DETAIL_LENGTH])
    return line


def sanitise(value: Any) -> Any:
    """`value` with nothing in it that breaks a JSON consumer or another process.

    Lone surrogates become escapes, NaN and infinities become strings, unknown types their `str`.
    """
    kind = type(value)
    if kind in _SAFE or (kind is str and value.isascii()):
        return value
    if isinstance(value, str):
        return str(value).encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if isinstance(value, dict):
        return {sanitise(str(k)): sanitise(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [sanitise(v) for v in value]
    return sanitise(str(value))
