"""Requests for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_aibench.models.base import Request, Sampling
from pytest_aibench.problems.problem import Problem

PROBLEM = Problem("p/0", "def f():\n", "f", "", canonical_solution="    return 1\n")


def asked(sample: int = 0, prompt: str = "write f", **more: Any) -> Request:
    """A chat request; other fields as given."""
    return replace(Request("b", PROBLEM, sample, prompt, True, Sampling()), **more)
