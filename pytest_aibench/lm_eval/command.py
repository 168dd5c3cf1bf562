"""lm-eval's own command with our models and our sandbox.

lm-eval looks for models in its own package only (its issues 1457, 1621 and 3282 ask for more), so
that its command has to be started by us to know of ours.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache

from pytest_aibench.errors import UsageError
from pytest_aibench.lm_eval.code_eval import CodeEval, redirected
from pytest_aibench.lm_eval.run import INSTALL
from pytest_aibench.records import Verdict
from pytest_aibench.sandbox import Executor, Program, open_executor

__all__ = ["run_lm_eval"]


def run_lm_eval(arguments: Sequence[str]) -> int:
    """Run `lm_eval ARGUMENTS` with the model `aibench`; programs that the metric `code_eval` is to
    judge run in the sandbox.

    Raises:
        UsageError: lm-eval is not installed, or the model cannot be used.
        SandboxError: a program could not be judged.
    """
    try:
        from lm_eval.__main__ import cli_evaluate

        import pytest_aibench.lm_eval.language_model  # noqa: F401 - its import announces the model
    except ImportError as error:
        raise UsageError(INSTALL.format(error)) from error
    sys.argv[:] = ["lm_eval", *arguments]
    metric = CodeEval()
    with ExitStack() as resources, redirected(metric):

        @cache
        def sandbox() -> Executor:
            executor = open_executor(run_id=f"lm-eval-{os.getpid()}")
            resources.callback(executor.close)
            return executor

        def execute(programs: Sequence[Program]) -> list[Verdict]:
            return [sandbox().execute(program) for program in programs]

        with metric.executing(execute, ()):
            cli_evaluate()
    return 0
