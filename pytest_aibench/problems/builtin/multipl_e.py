"""MultiPL-E's HumanEval in C++, Java and JavaScript, as DeepSeek-Coder published its prompts."""

from __future__ import annotations

from functools import partial
from typing import Any

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.builtin.humaneval_x import TITLES
from pytest_aibench.problems.compose_braced import compose_multipl_e
from pytest_aibench.problems.declarations import declared_name
from pytest_aibench.problems.judging import Rules
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.sources import DataSource, Pinned, load_rows

__all__ = ["BENCHMARKS", "FILES"]

COMMIT = "2f9fd85927c669dae3c0fbb2d607274023af243e"
HASHES = {
    "cpp": "8717eabdf202137158c84506144b0fb1e73d5ecccbe5363ec79009ca014df629",
    "java": "b21b015763452ec4f9f4e0e6425148ec331ace4da1232c8b4d441186185f6265",
    "js": "634e2eee8d6e22de07c121b972207683dd96be76256bf44bdfc1a3386b739287",
}
LANGUAGES = {"cpp": "cpp", "java": "java", "js": "javascript"}
FILES = {
    short: Pinned(
        path=f"multipl-e/humaneval-{short}.jsonl",
        url=f"https://raw.githubusercontent.com/deepseek-ai/DeepSeek-Coder/{COMMIT}/"
        f"Evaluation/HumanEval/data/humaneval-{short}.jsonl",
        sha256=sha256,
    )
    for short, sha256 in HASHES.items()
}
# The evaluation containers' commands and limits (MultiPL-E, evaluation/src/eval_*.py).
RULES = {
    "cpp": Rules(std="c++17", compile_seconds=15.0),
    "java": Rules(main_class="Problem", enable_assertions=True, compile_seconds=15.0),
    "js": Rules(),
}
RUN_SECONDS = {"cpp": 15.0, "java": 15.0, "js": 5.0}
# All rows of a language have the same `stop_tokens`.
STOP = {
    "cpp": ("\n}",),
    "java": ("\n    }\n",),
    "js": ("\nfunction ", "\n/*", "\n//", "\nconsole.log"),
}


def _load(source: DataSource, short: str) -> Dataset:
    file, language = FILES[short], LANGUAGES[short]
    return load_rows(source, file, partial(_problem, language=language))


def _problem(row: dict[str, Any], language: str) -> Problem:
    """No row has a reference solution."""
    return Problem(
        id=row["name"],
        prompt=row["prompt"],
        entry_point=declared_name(row["prompt"], language),
        test=row["tests"],
        language=language,
    )


def _benchmark(short: str) -> Benchmark:
    return Benchmark(
        name=f"multipl-e-{short}",
        title=f"MultiPL-E HumanEval ({TITLES[short]})",
        load=partial(_load, short=short),
        compose=compose_multipl_e,
        stop=STOP[short],
        cpu_seconds=RUN_SECONDS[short],
        rules=RULES[short],
        citation="Cassano et al., MultiPL-E, 2022",
        licence="MIT",
    )


BENCHMARKS = tuple(_benchmark(short) for short in FILES)
