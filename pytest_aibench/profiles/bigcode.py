"""BigCode's evaluation harness: prompts stripped, continuations cut, one program a generation."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from pytest_aibench.models.stops import cut_at_stop
from pytest_aibench.problems.builtin import apps, ds1000, humanevalpack
from pytest_aibench.problems.builtin.humaneval_x import LANGUAGES
from pytest_aibench.problems.compose import (
    Compose,
    compose_asserts,
    compose_humaneval,
    compose_with_numpy,
)
from pytest_aibench.problems.problem import Problem
from pytest_aibench.profiles.cuts import (
    Cut,
    after_prompt,
    after_stripped_prompt,
    after_trimmed_prompt,
    block_of,
)
from pytest_aibench.profiles.guard import APPS_RULES, HUMAN_EVAL_RULES
from pytest_aibench.profiles.multipl_e import COMMANDS, RUN_SECONDS, STOP, as_it_stands
from pytest_aibench.profiles.profile import Profile, Task, unchanged

__all__ = ["BIGCODE"]


def _at(stop: tuple[str, ...]) -> Cut:
    return partial(cut_at_stop, stops=stop)


_HUMANEVAL_STOP = ("\nclass", "\ndef", "\n#", "\n@", "\nprint", "\nif", "\n```", "<file_sep>")
_MBPP_STOP = ("\nclass", "\nassert", '\n"""', "\nprint", "\nif", "\n<|/", "\n```")

# humaneval.py, create_task(strip_prompt=True)
_HUMANEVAL = Task(
    compose=compose_humaneval,
    cpu_seconds=3.0,
    rules=HUMAN_EVAL_RULES,
    sent=str.strip,
    stop=_HUMANEVAL_STOP,
    finish=partial(after_stripped_prompt, cut=_at(_HUMANEVAL_STOP)),
)
# mbpp.py
_MBPP = Task(
    compose=compose_asserts,
    cpu_seconds=3.0,
    rules=HUMAN_EVAL_RULES,
    stop=_MBPP_STOP,
    finish=partial(after_prompt, cut=_at(_MBPP_STOP)),
)

# humanevalpack.py: LANGUAGE_TO_STOP_WORDS and LANGUAGE_TO_TIMEOUT
_PACK_STOP = {"python": ("\nclass", "\ndef", "\n#", "\n@", "\nprint", "\nif", "\nassert")}
_PACK_SECONDS = {"python": 10.0, "cpp": 60.0, "js": 10.0, "java": 10.0}


def _compose_cpp(problem: Problem, text: str, whole: bool = False) -> tuple[str, str]:
    solution, tests = as_it_stands(problem, text, whole)
    return solution.split("int main")[0], tests


def _compose_java(problem: Problem, text: str, whole: bool = False) -> tuple[str, str]:
    solution, tests = as_it_stands(problem, text, whole)
    return solution.replace("public class Main {\n    }", ""), tests


_PACK_COMPOSE: dict[str, Compose] = {
    "python": compose_with_numpy,
    "cpp": _compose_cpp,
    "js": as_it_stands,
    "java": _compose_java,
}


def _pack(short: str) -> Task:
    stop = (*_PACK_STOP.get(short, ()), "<|endoftext|>")
    rules = humanevalpack.RULES[short]
    return Task(
        compose=_PACK_COMPOSE[short],
        cpu_seconds=_PACK_SECONDS[short],
        rules=replace(HUMAN_EVAL_RULES, preamble=rules.preamble) if short == "python" else rules,
        sent=str.strip,
        stop=stop,
        finish=partial(
            after_trimmed_prompt,
            cut=partial(block_of, language=LANGUAGES[short], stop=stop),
        ),
    )


def _multiple(short: str) -> Task:
    stop = (*STOP[short], "<file_sep>")
    return Task(
        compose=as_it_stands,
        cpu_seconds=RUN_SECONDS[short],
        # Its Java programs find javatuples when they are compiled, and not when they run.
        rules=replace(COMMANDS[short], libraries=False),
        sent=str.strip,
        stop=stop,
        finish=partial(after_stripped_prompt, cut=_at(stop)),
    )


def _after_answer(problem: Problem, text: str) -> str:
    return (problem.prompt + text).split("\nANSWER:", 1)[1]


# apps.py: the newline that ends a prompt begins the candidate.
_APPS = {
    benchmark.name: Task(
        compose=benchmark.compose,
        cpu_seconds=benchmark.cpu_seconds,
        rules=APPS_RULES,
        stop=benchmark.stop,
        finish=_after_answer,
    )
    for benchmark in apps.BENCHMARKS
}


# What begins a solution, in the order in which they are looked for.
_DS1000_START = ("BEGIN SOLUTION\n<code>", "# SOLUTION START")


def _stripped_solution(problem: Problem, text: str) -> str:
    """Prompts that begin a function have no such start, so that nothing solves them there."""
    found = problem.prompt + text
    for start in _DS1000_START:
        found = found.split(start, 1)[-1]
    for stop in ds1000.STOP:
        found = found.split(stop)[0]
    return found.strip()


# ds1000.py, mode Completion; the other mode fills in, in a form that is each model's own.
_DS1000 = {
    benchmark.name: Task(
        compose=benchmark.compose,
        cpu_seconds=benchmark.cpu_seconds,
        rules=benchmark.rules,
        stop=benchmark.stop,
        finish=_stripped_solution,
    )
    for benchmark in ds1000.BENCHMARKS
    if benchmark.name.endswith("-completion")
}


BIGCODE = Profile(
    name="bigcode",
    harness="bigcode-evaluation-harness 8fc5bae",
    tasks={
        "humaneval": _HUMANEVAL,
        # create_task(strip_prompt=False)
        "humaneval-unstripped": replace(
            _HUMANEVAL,
            sent=unchanged,
            finish=partial(after_prompt, cut=_at(_HUMANEVAL_STOP)),
        ),
        "mbpp": _MBPP,
        **{
            f"humanevalpack-{task}-{short}": _pack(short)
            for task in ("synthesize", "fix")
            for short in LANGUAGES
        },
        **{f"multipl-e-{short}": _multiple(short) for short in STOP},
        **_APPS,
        **_DS1000,
    },
    native="bigcode-",
    # arguments.py; top_k 0 is no limit, which is what servers do that are told nothing.
    defaults={
        "prompt_mode": "completion",
        "temperature": 0.2,
        "top_p": 0.95,
        "max_tokens": 512,
        "seed": 0,
    },
)
