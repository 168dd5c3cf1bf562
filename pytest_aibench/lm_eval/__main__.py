"""lm-eval's own command with our models: `python -m pytest_aibench.lm_eval --model aibench ...`.

lm-eval has no way for other packages to announce models; importing ours is what adds it.
"""

from __future__ import annotations

from lm_eval.__main__ import cli_evaluate

import pytest_aibench.lm_eval.language_model  # noqa: F401

if __name__ == "__main__":
    cli_evaluate()
