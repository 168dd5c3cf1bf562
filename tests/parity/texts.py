"""The texts of the profile `bigcode` beside those of BigCode's evaluation harness itself.

    AIBENCH_DATA=... python -m tests.parity.texts CHECKOUT

CHECKOUT is a clone of bigcode-project/bigcode-evaluation-harness. Nothing is executed: for every
problem of every task the prompt has to be the same text, and so has the candidate that comes of a
continuation. Continuations are made of pieces that post-processing looks for, in a random order
that is the same in every run, and the problems' own solutions. The exit status is 1 where a text
differs.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_aibench.problems import DataSource, Problem, get_benchmark
from pytest_aibench.profiles import Task, get_profile
from tests.parity.bigcode import provide

TASKS = {
    "humaneval": "humaneval",
    "humaneval-unstripped": "humaneval-unstripped",
    "mbpp": "mbpp",
    **{
        f"humaneval{theirs}-{short}": f"humanevalpack-{ours}-{short}"
        for theirs, ours in (("synthesize", "synthesize"), ("fixtests", "fix"))
        for short in ("python", "cpp", "java", "js")
    },
    **{f"multiple-{short}": f"multipl-e-{short}" for short in ("cpp", "java", "js")},
}
"""BigCode's task -> our benchmark."""

EACH = 20
PIECES = (
    "    return x", "\n", "\n\n", "\ndef g():", "\nclass A:", "\n# note", "\n@wraps", "\nprint(1)",
    "\nif x:", "\nassert f() == 1", "\n```", '\n"""', "\n<|/", "<file_sep>", "<|endoftext|>",
    "\n}", "\n    }\n", "}", "{", " { ", "\n    // {", '"}"', "\nfunction g() {", "\n/*", "\n//",
    "\nconsole.log(1)", "public static void main(String[] a) {", "int main() {", "\t", "  ",
    "\n\tx = 1", "struct", "x = y;", "\r\n", "\u2028",
)  # fmt: skip


def main() -> int:
    provide(Path(sys.argv[1]).resolve(), None)
    texts = differences = 0
    for theirs, ours in TASKS.items():
        for equal, what in _compare(theirs, ours):
            texts += 1
            differences += not equal
            if not equal:
                print(f"{theirs}: {what} differs")
    print(f"{texts:,} texts of {len(TASKS)} tasks compared, {differences} differ")
    return 1 if differences else 0


def _compare(name: str, benchmark: str) -> Iterator[tuple[bool, str]]:
    """For each text, whether both have the same, and what it is."""
    from tests.parity.theirs import make_task

    harness = make_task(name)(**({"prompt": "continue"} if "synthesize" in name else {}))
    source = DataSource(data_dir=Path(os.environ["AIBENCH_DATA"]), cache_dir=Path(os.devnull))
    problems = get_benchmark(benchmark).load(source).problems
    task = get_profile("bigcode").task(benchmark)
    assert task is not None
    assert len(problems) == len(harness.get_dataset())
    for place, problem in enumerate(problems):
        yield from _compare_problem(harness, task, place, problem)


def _compare_problem(
    harness: Any, task: Task, place: int, problem: Problem
) -> Iterator[tuple[bool, str]]:
    prompt = harness.get_prompt(harness.get_dataset()[place])
    whole = problem.context + problem.prompt
    yield prompt == task.sent(whole), f"the prompt of {problem.id}"
    assert task.finish is not None
    tail = whole[len(whole.rstrip()) :] if prompt != whole else ""
    for text in _continuations(problem, place):
        candidate = harness.postprocess_generation(prompt + tail + text, place)
        yield candidate == task.finish(problem, problem.prompt + text), f"{problem.id}, {text!r}"


def _continuations(problem: Problem, place: int) -> Iterator[str]:
    draw = random.Random(place)
    yield from filter(None, (problem.canonical_solution, *problem.wrong_solutions))
    for _ in range(EACH):
        yield "".join(draw.choices(PIECES, k=draw.randint(0, 12)))


if __name__ == "__main__":
    sys.exit(main())
