"""`python -m pytest_aibench.lm_eval ARGUMENT...`: as `aibench lm_eval`."""

from __future__ import annotations

import sys

from pytest_aibench.cli import main

if __name__ == "__main__":
    sys.exit(main(["lm_eval", *sys.argv[1:]]))
