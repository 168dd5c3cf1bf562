"""Requests and replies as JSON: for the store and for the way between processes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from pytest_aibench.models.base import (
    ModelIdentity,
    Reply,
    ReplyForm,
    Request,
    Sampling,
)
from pytest_aibench.problems.problem import Problem

__all__ = [
    "identity_from_wire",
    "pack",
    "reply_from_wire",
    "reply_to_wire",
    "request_from_wire",
    "request_to_wire",
    "unpack",
]


def pack(data: Mapping[str, Any]) -> bytes:
    """One line of ASCII JSON without its line end; lone surrogates survive as escapes."""
    return json.dumps(data, separators=(",", ":")).encode("ascii")


def unpack(line: bytes) -> dict[str, Any]:
    """The inverse of `pack`. Raises ValueError for anything else."""
    data = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError("not a JSON object")
    return data


def reply_to_wire(reply: Reply) -> dict[str, Any]:
    return asdict(reply)


def reply_from_wire(data: Mapping[str, Any]) -> Reply:
    """Fields of a newer version are left out. Raises ValueError, KeyError or TypeError."""
    known = {f.name: data[f.name] for f in fields(Reply) if f.name in data}
    return Reply(**{**known, "form": ReplyForm(data["form"])})


def request_to_wire(request: Request) -> dict[str, Any]:
    """Everything a model may look at; the problem's tests and solutions stay at home."""
    problem = request.problem
    return {
        "benchmark": request.benchmark,
        "problem": {
            "id": problem.id,
            "prompt": problem.prompt,
            "entry_point": problem.entry_point,
            "test": "",
            "language": problem.language,
        },
        "sample": request.sample,
        "prompt": request.prompt,
        "chat": request.chat,
        "system": request.system,
        "sampling": asdict(request.sampling),
        "messages": request.messages,
        "continuation": request.continuation,
        "rolling": request.rolling,
        "together": request.together,
    }


def request_from_wire(data: Mapping[str, Any]) -> Request:
    sampling = Sampling(**{**data["sampling"], "stop": tuple(data["sampling"]["stop"])})
    messages = tuple((role, text) for role, text in data["messages"])
    problem = Problem(**data["problem"])
    return Request(**{**data, "problem": problem, "sampling": sampling, "messages": messages})


def identity_from_wire(data: Mapping[str, Any]) -> ModelIdentity:
    return ModelIdentity(**data)
