"""What makes two requests the same: the key of the reply store."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, replace

from pytest_aibench.models.base import ModelIdentity, Request

__all__ = ["group_key", "model_key", "reply_key"]

_VERSION = 1


def model_key(identity: ModelIdentity) -> str:
    """The model as its replies depend on it: not its spelling, not the server's version."""
    parts = (identity.provider, identity.name, identity.endpoint, identity.digest)
    return _hashed([_VERSION, *parts, identity.settings]).hex()


def reply_key(model: str, request: Request) -> bytes:
    """32 bytes that differ wherever the reply may: model, prompt, parameters, sample index.

    `model` comes from `model_key`. The problem's id is no part of it: what was sent is. Nor is how
    many samples were asked for at once, but where a seed is set, which then stands for them all.
    """
    sampling = list(astuple(request.sampling))
    parts = [
        _VERSION, model, request.system, request.chat, request.prompt, sampling, request.sample,
    ]  # fmt: skip
    if request.messages:
        parts.append({"messages": request.messages})
    if request.continuation is not None:
        parts.append({"continuation": request.continuation, "rolling": request.rolling})
    if request.together > 1 and request.sampling.seed is not None:
        parts.append({"together": request.together})
    return _hashed(parts)


def group_key(model: str, request: Request) -> bytes:
    """Equal for the `together` samples of a problem that one request may ask for; else empty."""
    if request.together == 1:
        return b""
    sampling = replace(request.sampling, seed=None)
    place = request.sample // request.together
    return reply_key(model, replace(request, sampling=sampling, sample=place))


def _hashed(parts: list[object]) -> bytes:
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).digest()
