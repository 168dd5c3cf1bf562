"""`aibench sandbox build [FAMILY ...] | shell TASK_ID`: the images, and a look inside.

`shell` opens a shell in a container as a sample sees it: the same image, user, limits and
confinement. The problem's reference solution and tests are in /tmp, where it starts.
"""

from __future__ import annotations

import argparse
from contextlib import closing
from dataclasses import replace

from pytest_aibench.errors import DataError, UsageError
from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.problem import Problem
from pytest_aibench.problems.registry import benchmark_names, get_benchmark
from pytest_aibench.problems.sources import DataSource

__all__ = ["add_arguments", "run"]

_SUFFIXES = {"python": "py", "javascript": "js", "java": "java", "cpp": "cpp"}
_START_COMMANDS = {"python": "cat solution.py tests.py > program.py && python3 program.py"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    build = actions.add_parser("build", help="build the images that are missing")
    build.add_argument(
        "families", nargs="*", metavar="FAMILY", help="python, node, cpp, java, data (default: all)"
    )
    build.set_defaults(action=_build)
    shell = actions.add_parser("shell", help="a shell in a container as a sample sees it")
    shell.add_argument("task_id", metavar="TASK_ID", help="a problem, such as HumanEval/0")
    shell.add_argument("--benchmark", metavar="NAME", help="where TASK_ID is in several")
    shell.set_defaults(action=_shell)


def run(args: argparse.Namespace) -> int:
    """Do what the action says; the exit status of the shell, or 0.

    Raises:
        UsageError: there is no such problem or family.
        SandboxError: Docker or an image is not usable.
    """
    status: int = args.action(args)
    return status


def _build(args: argparse.Namespace) -> int:
    from pytest_aibench.sandbox.engine import connect
    from pytest_aibench.sandbox.image import FAMILIES, ensure_image

    unknown = sorted(set(args.families) - set(FAMILIES))
    if unknown:
        raise UsageError(f"there is no image {unknown[0]!r}; there are {', '.join(FAMILIES)}")
    with closing(connect()) as client:
        for family in args.families or FAMILIES:
            image = ensure_image(client, family, lambda line: print(f"  {line}", flush=True))
            print(f"{image.tag} {image.digest}")
    return 0


def _shell(args: argparse.Namespace) -> int:
    from pytest_aibench.sandbox.engine import connect
    from pytest_aibench.sandbox.image import ensure_image
    from pytest_aibench.sandbox.languages import get_language
    from pytest_aibench.sandbox.shell import open_shell

    benchmark, problem = _find(args.task_id, args.benchmark)
    files = _files(benchmark, problem)
    family = get_language(problem.executed_as).family
    with closing(connect()) as client:
        image = ensure_image(client, family, lambda line: print(line, flush=True))
        print(f"{problem.id} of {benchmark.name}: {', '.join(files)} in /tmp; leave with `exit`")
        command = _START_COMMANDS.get(problem.language)
        if command:
            print(f"as the harness runs it: {command}", flush=True)
        return open_shell(client, image, problem.executed_as, files)


def _files(benchmark: Benchmark, problem: Problem) -> dict[str, str]:
    from pytest_aibench.generation.extract import extract
    from pytest_aibench.models.base import Reply, ReplyForm

    reply = Reply(problem.canonical_solution or "", ReplyForm.COMPLETION)
    code = extract(reply, problem).code or problem.prompt
    solution, tests = benchmark.compose(problem, code, True)
    suffix = _SUFFIXES[problem.language]
    preamble = benchmark.rules.preamble
    return {f"solution.{suffix}": preamble + solution, f"tests.{suffix}": tests}


def _find(task_id: str, name: str | None) -> tuple[Benchmark, Problem]:
    """The problem, in the benchmark that is named or in the first that has it."""
    absent = []
    for benchmark in [get_benchmark(name)] if name else map(get_benchmark, benchmark_names()):
        try:
            dataset = benchmark.load(_source(download=name is not None))
        except (DataError, UsageError) as error:
            absent.append(f"{benchmark.name} ({error})")
            continue
        for problem in dataset.problems:
            if problem.id == task_id:
                return benchmark, problem
    looked = f"in {name}" if name else "in the benchmarks whose data are here"
    hint = "" if name else "; name its benchmark with --benchmark, then its data are downloaded"
    problems = f" Without data: {'; '.join(absent)}" if name and absent else ""
    raise UsageError(f"there is no problem {task_id!r} {looked}{hint}.{problems}")


def _source(*, download: bool) -> DataSource:
    return replace(DataSource.from_environment(), allow_download=download)
