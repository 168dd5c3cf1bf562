"""llama-cpp-python's server, with every echoed log-probability beside its own token.

As published (0.3.36) `echo` pairs a token with the row of logits that it leads to instead of the
row that led to it: wrong numbers, which our probe refuses. With this, tasks that score texts can be
tried on a real model. Takes the arguments of `python -m llama_cpp.server`.
"""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from typing import Any

import numpy as np
from llama_cpp import Llama

complete, to_logprobs = Llama._create_completion, Llama.logits_to_logprobs


def shifted(logits: Any, axis: int = -1) -> Any:
    """The rows one place later; the first stands for a token that nothing led to."""
    rows = to_logprobs(logits, axis)
    return np.insert(rows, 0, rows[0], axis=0)


def completed(self: Llama, *args: Any, **kwargs: Any) -> Iterator[Any]:
    # The server answers one request at a time.
    if kwargs.get("echo") and kwargs.get("logprobs") is not None:
        Llama.logits_to_logprobs = staticmethod(shifted)
    try:
        yield from complete(self, *args, **kwargs)
    finally:
        Llama.logits_to_logprobs = staticmethod(to_logprobs)


Llama._create_completion = completed
runpy.run_module("llama_cpp.server", run_name="__main__")
