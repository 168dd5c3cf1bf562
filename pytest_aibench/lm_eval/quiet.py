"""lm-eval at work in a process that is not its own."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import random
import sys
import warnings
from collections.abc import Iterator

__all__ = ["quiet"]

_ENVIRONMENT = {
    "DISABLE_MULTIPROC": "1",  # its bootstrap would fork a process that has threads
    "TOKENIZERS_PARALLELISM": "false",
}


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep lm-eval's bars, prints, logs and warnings off the terminal, and its seeds off ours."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        stack.enter_context(_no_stderr_of_children())
        stack.enter_context(_environment())
        stack.enter_context(_random_state())
        stack.enter_context(_errors_only("lm_eval"))
        stack.enter_context(_errors_only("datasets"))
        yield


@contextlib.contextmanager
def _no_stderr_of_children() -> Iterator[None]:
    # lm-eval asks git for a revision; outside a repository git complains.
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextlib.contextmanager
def _environment() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    os.environ.update(_ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _random_state() -> Iterator[None]:
    import numpy as np

    ours, numpys = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(ours)
        np.random.set_state(numpys)


@contextlib.contextmanager
def _errors_only(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
