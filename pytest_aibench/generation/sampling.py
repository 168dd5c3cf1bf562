"""How the samples of one problem come to differ."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from pytest_aibench.models.base import Sampling

__all__ = ["sample_seed", "sampling_of"]


def sample_seed(base: int, sample: int) -> int:
    """The seed of sample `sample` in a run with `--seed base`, in [0, 2**31) but for sample 0.

    Sample 0 has `base` itself, so that one request can be repeated by hand. The others are hashed:
    with `base + sample`, runs with neighbouring seeds would share most of their samples.
    """
    if sample == 0:
        return base
    digest = hashlib.sha256(f"{base}\0{sample}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def sampling_of(base: Sampling, sample: int) -> Sampling:
    """`base` for one sample. Without a seed none is sent: the server draws its own."""
    if base.seed is None:
        return base
    return replace(base, seed=sample_seed(base.seed, sample))
