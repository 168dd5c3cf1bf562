"""HumanEval-X: HumanEval's 164 problems in Python, C++, Java and JavaScript (CodeGeeX)."""

from __future__ import annotations

from functools import partial
from typing import Any

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.compose import Compose, compose_with_numpy
from pytest_aibench.problems.compose_braced import compose_humaneval_x
from pytest_aibench.problems.declarations import declared_name
from pytest_aibench.problems.judging import Rules
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.sources import DataSource, Pinned, load_rows

__all__ = ["BENCHMARKS", "COMPOSE", "FILES", "LANGUAGES", "PYTHON_IMPORTS", "STOP", "TITLES"]

COMMIT = "2838420b7b4492cf3d16bce5320e26e65960c9e2"
HASHES = {
    "python": "5752fb122efddb0e9b47c77907ae6ce9a15aac4dea14e44c46032c831e6b987a",
    "cpp": "dcf2e280a1e91bbc3c5f90edb41397e8a9ac1ccc9f5d2b70082f0b0fbfb6dbb0",
    "java": "276f36db2eb7aeb864f36a19a2f4e1bb2460fb6e22ff100f0b5bedabe3799967",
    "js": "fe5d467f2c1a027b3f6f18d3729aca01f6458c1de2e2d1292a019c5aa9bed424",
}
LANGUAGES = {"python": "python", "cpp": "cpp", "java": "java", "js": "javascript"}
TITLES = {"python": "Python", "cpp": "C++", "java": "Java", "js": "JavaScript"}
FILES = {
    short: Pinned(
        path=f"humaneval-x/humaneval_{short}.jsonl.gz",
        url=f"https://raw.githubusercontent.com/THUDM/CodeGeeX/{COMMIT}/codegeex/benchmark/"
        f"humaneval-x/{short}/data/humaneval_{short}.jsonl.gz",
        sha256=sha256,
    )
    for short, sha256 in HASHES.items()
}

# What the harness puts before every program (`IMPORT_HELPER` in codegeex/benchmark/utils.py), but
# for numpy, which `compose_with_numpy` adds. The harness leaves out a header that the prompt has;
# that makes no difference: headers guard themselves.
PYTHON_IMPORTS = """\
import math
import re
import sys
import copy
import datetime
import itertools
import collections
import heapq
import statistics
import functools
import hashlib
import string
from typing import *
from collections import *
"""
CPP_HEADERS = """\
#include<stdlib.h>
#include<algorithm>
#include<math.h>
#include<stdio.h>
#include<vector>
#include<string>
#include<climits>
#include<cstring>
#include<iostream>
"""
RULES = {
    "python": Rules(preamble=PYTHON_IMPORTS),
    # Task 162 alone needs the libraries.
    "cpp": Rules(preamble=CPP_HEADERS, std="c++11", compile_flags=("-lcrypto", "-lssl")),
    "java": Rules(),
    # console.assert leaves the exit status at 0: only silence tells that all tests held.
    "js": Rules(silent_pass=True),
}
COMPOSE: dict[str, Compose] = {
    "python": compose_with_numpy,
    "cpp": compose_humaneval_x,
    "java": compose_humaneval_x,
    "js": compose_humaneval_x,
}
# CodeGeeX ends a completion where its braces balance. A base model's is stopped before the brace
# that closes the function, which the composition puts back.
STOP = {
    "python": ("\nclass", "\ndef", "\n#", "\n@", "\nprint", "\nif", "\nassert"),
    "cpp": ("\n}",),
    "java": ("\n    }\n", "\n}"),
    "js": ("\n}",),
}


def _load(source: DataSource, short: str) -> Dataset:
    file, language = FILES[short], LANGUAGES[short]
    return load_rows(source, file, partial(_problem, language=language))


def _problem(row: dict[str, Any], language: str) -> Problem:
    return Problem(
        id=row["task_id"],
        prompt=row["prompt"],
        entry_point=declared_name(row["declaration"], language),
        test=row["test"],
        canonical_solution=row["canonical_solution"],
        language=language,
    )


def _benchmark(short: str) -> Benchmark:
    return Benchmark(
        name=f"humaneval-x-{short}",
        title=f"HumanEval-X ({TITLES[short]})",
        load=partial(_load, short=short),
        compose=COMPOSE[short],
        stop=STOP[short],
        cpu_seconds=5.0,
        rules=RULES[short],
        citation="Zheng et al., CodeGeeX, 2023",
        licence="Apache-2.0",
    )


BENCHMARKS = tuple(_benchmark(short) for short in FILES)
