"""OpenAI's HumanEval, 164 Python problems."""

from __future__ import annotations

from dataclasses import replace

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.files import parse_problems
from pytest_aibench.problems.problem import Dataset
from pytest_aibench.problems.sources import DataSource, Pinned

__all__ = ["BENCHMARKS", "FILE"]

FILE = Pinned(
    path="humaneval/HumanEval.jsonl.gz",
    url="https://raw.githubusercontent.com/openai/human-eval/"
    "6d43fb980f9fee3c892a914eda09951f772ad10d/data/HumanEval.jsonl.gz",
    sha256="b796127e635a67f93fb35c04f4cb03cf06f38c8072ee7cee8833d7bee06979ef",
)


def _load(source: DataSource) -> Dataset:
    dataset = parse_problems(source.read(FILE), FILE.path)
    return replace(dataset, digest=FILE.sha256, source=FILE.url)


_HUMANEVAL = Benchmark(
    name="humaneval",
    title="HumanEval",
    load=_load,
    # The stop words of the BigCode evaluation harness, which extend those of the paper.
    stop=("\nclass", "\ndef", "\n#", "\n@", "\nprint", "\nif", "\n```", "<file_sep>"),
    citation="Chen et al., Evaluating Large Language Models Trained on Code, 2021",
    licence="MIT",
)
# BigCode has both: its `humaneval` strips the prompts, which makes another number of them. Here
# they differ in the profile `bigcode` only.
BENCHMARKS = (
    _HUMANEVAL,
    replace(_HUMANEVAL, name="humaneval-unstripped", title="HumanEval (unstripped)"),
)
