"""HumanEvalPack (OctoPack): HumanEval-X again, to be written (`synthesize`) or mended (`fix`).

Judged as in the BigCode evaluation harness, `bigcode_eval/tasks/humanevalpack.py`. `fix` is its
`humanevalfixtests`: the model sees a buggy function without docs, its tests, and the instruction
to fix it, and continues the signature.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Literal

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.builtin.humaneval_x import (
    COMPOSE,
    LANGUAGES,
    PYTHON_IMPORTS,
    STOP,
    TITLES,
)
from pytest_aibench.problems.declarations import declared_name
from pytest_aibench.problems.errors import DataAbsent
from pytest_aibench.problems.files import json_rows
from pytest_aibench.problems.judging import Rules
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.sources import DataSource, Pinned

__all__ = ["BENCHMARKS", "EVEN_ROWS", "FILES"]

Task = Literal["synthesize", "fix"]

COMMIT = "e17a8f6470264286bc6a52eb8263582083bf3bf6"
HASHES = {
    "python": "b1376d72be4bd016a62ad043d9de3846edb8d63edf1222da802a31330c14c3a7",
    "cpp": "891a390c1b9d2cb85dd8fbebcf1d88dbdd565734a6b2b3259f9ddb3fe95e33d7",
    "java": "a8d077d300bbdc2eda91e1a733deb2944678bce8fcc7eb272214626516768cc1",
    "js": "04c86c1fac5f33818d9187cba278ed1dfc66cc259372dd8342126aa580fb7569",
}
EVEN_HASHES = {
    "python": "697a1d0f3ff21be02ed4cbcc564892a2eaf839106e290f6e4f24acb4820f7bf5",
    "cpp": "55996294c09e491e44e36fbe97a1b336eeb2a505c1a5eeaa1ce0efb7b8829c82",
    "java": "b6f7b13feca50ff838280e507d102d316c301023ff303bedc6b6716321c8dd32",
    "js": "c1cce8ad25cf365b8798c81b09697ebde9879b49774f854f249410f38dab9243",
}
_ADDRESS = (
    f"https://raw.githubusercontent.com/bigcode-project/octopack/{COMMIT}/evaluation/create/"
    "humaneval-x/data/{short}/data/humanevalpack.jsonl"
)
FILES = {
    short: Pinned(f"humanevalpack/humanevalpack_{short}.jsonl", _ADDRESS.format(short=short), sha)
    for short, sha in HASHES.items()
}
# The even-numbered rows of the same file, as some data folders hold them; published nowhere.
EVEN_ROWS = {
    short: Pinned(f"humanevalpack/humanevalpack_{short}_even.jsonl.gz", FILES[short].url, sha)
    for short, sha in EVEN_HASHES.items()
}

_CPP_HEADERS = """\
using namespace std;
#include<stdlib.h>
#include<algorithm>
#include<cmath>
#include<math.h>
#include<numeric>
#include<stdio.h>
#include<vector>
#include<set>
#include<map>
#include<queue>
#include<stack>
#include<list>
#include<deque>
#include<boost/any.hpp>
#include<string>
#include<climits>
#include<cstring>
#include<iostream>
#include<sstream>
#include<fstream>
"""
RULES = {
    "python": Rules(preamble=PYTHON_IMPORTS),
    "cpp": Rules(preamble=_CPP_HEADERS, std="c++11", compile_flags=("-lcrypto", "-lssl")),
    "java": Rules(),
    "js": Rules(silent_pass=True),
}


def _load(source: DataSource, short: str, task: Task) -> Dataset:
    content, file, note = _read(source, short)
    rows = json_rows(content, file.path)
    problems = tuple(_problem(row, LANGUAGES[short], task) for _, row in rows)
    return Dataset(problems, file.sha256, file.url + note)


def _read(source: DataSource, short: str) -> tuple[bytes, Pinned, str]:
    """The published file, else the even-numbered rows where the user has these, else a download.

    Which it was, the data set's digest and source tell: their scores are not comparable.
    """
    full, even = FILES[short], EVEN_ROWS[short]
    offline = replace(source, allow_download=False)
    for file, note in ((full, ""), (even, " (even-numbered rows only)")):
        try:
            return offline.read(file), file, note
        except DataAbsent:
            continue
    return source.read(full), full, ""


def _problem(row: dict[str, Any], language: str, task: Task) -> Problem:
    declaration: str = row["declaration"]
    fix = task == "fix"
    return Problem(
        id=row["task_id"],
        prompt=declaration if fix else row["prompt"],
        # The field `entry_point` is not always the name that the tests call (Java/22, CPP/156).
        entry_point=declared_name(declaration, language),
        test=row["test"],
        canonical_solution=row["canonical_solution"],
        language=language,
        wrong_solutions=(row["buggy_solution"],),
        tags=(row["bug_type"],),
        context=_context(row) if fix else "",
    )


def _context(row: dict[str, Any]) -> str:
    buggy = row["declaration"] + row["buggy_solution"]
    return f"{buggy}\n{row['test']}\nFix bugs in {row['entry_point']}.\n\n".lstrip()


def _benchmark(task: Task, short: str) -> Benchmark:
    return Benchmark(
        name=f"humanevalpack-{task}-{short}",
        title=f"HumanEvalPack {task} ({TITLES[short]})",
        load=partial(_load, short=short, task=task),
        compose=COMPOSE[short],
        stop=STOP[short],
        # C++ has 60 s in the harness, for g++ too; its programs need a fraction of a second.
        cpu_seconds=10.0,
        rules=RULES[short],
        citation="Muennighoff et al., OctoPack, 2023",
        licence="MIT",
    )


BENCHMARKS = tuple(_benchmark(task, short) for task in ("synthesize", "fix") for short in FILES)
