"""A benchmark for each of BigCode's tasks: the harness's own, or one that is carried here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from pytest_aibench.bigcode import harness
from pytest_aibench.bigcode.capture import Execution, capture, stand_ins
from pytest_aibench.bigcode.carried import CARRIED, JUDGED_HERE, carried
from pytest_aibench.bigcode.documents import entry_point, problem_ids, prompt_text, solutions
from pytest_aibench.bigcode.judging import Judging, judging_of
from pytest_aibench.bigcode.options import PREFIX, BigCodeOptions
from pytest_aibench.errors import UsageError
from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.compose import compose_with_numpy
from pytest_aibench.problems.problem import Dataset, Problem, digest_of
from pytest_aibench.problems.sources import DataSource

__all__ = ["HarnessTask", "benchmark_of"]

_MARK = "aibench"
"""A candidate that tells which part of a program is the candidate."""


@cache
def benchmark_of(name: str, options: BigCodeOptions) -> Benchmark:
    """The benchmark `bigcode-NAME` of the task `name`.

    Raises:
        UsageError: there is no such task, or nothing of it can run in the sandbox.
        DataError: its data can be had nowhere.
    """
    installed = harness.is_installed()
    if installed and harness.has_task(name) and not name.startswith(JUDGED_HERE):
        return HarnessTask(name, harness.make_task(name, options)).benchmark
    found = carried(name, PREFIX + name, options.prompt)
    if found is not None:
        return found
    if installed:
        raise harness.unknown_task(name)
    raise UsageError(
        f"--bigcode-tasks {name}: this task needs BigCode's harness. Clone "
        "https://github.com/bigcode-project/bigcode-evaluation-harness and pip install it into "
        f"this environment. These need no harness: {', '.join(CARRIED)}"
    )


@dataclass(frozen=True)
class HarnessTask:
    """A task of the installed harness.

    Raises, when its benchmark or anything of it is first asked for:
        UsageError: nothing of it can run in the sandbox.
        DataError: its data can be had nowhere.
    """

    name: str
    task: Any

    @cached_property
    def benchmark(self) -> Benchmark:
        """Our benchmark of it."""
        return Benchmark(
            name=PREFIX + self.name,
            title=f"BigCode's {self.name}",
            load=self._load,
            compose=self._compose,
            stop=tuple(dict.fromkeys(self.task.stop_words or ())),
            finish=self._finish,
            cpu_seconds=self._judging.cpu_seconds,
            rules=self._judging.rules,
        )

    @cached_property
    def _documents(self) -> list[Any]:
        return harness.documents_of(self.name, self.task)

    @cached_property
    def _stand_ins(self) -> dict[str, object]:
        try:
            return stand_ins(self.task)
        except UsageError as error:
            raise self._refusal(error) from error

    @cached_property
    def _judging(self) -> Judging:
        execution = self._execution(0, _MARK)
        try:
            return judging_of(execution)
        except UsageError as error:
            raise self._refusal(error) from error

    @cached_property
    def _places(self) -> dict[str, int]:
        ids = problem_ids(self.name, self._documents)
        return {id_: place for place, id_ in enumerate(ids)}

    def _load(self, _: DataSource) -> Dataset:
        problems = tuple(self._problem(id_, place) for id_, place in self._places.items())
        return Dataset(problems, digest_of(problems), f"bigcode_eval, task {self.name}")

    def _problem(self, id_: str, place: int) -> Problem:
        document = self._documents[place]
        prompt = prompt_text(self.name, self.task.get_prompt(document))
        tests = self._execution(place, _MARK).tests
        language = self._judging.language
        canonical, wrong = solutions(document, prompt)
        return Problem(
            id=id_,
            prompt=prompt,
            entry_point=entry_point(document, language, tests),
            test=tests,
            canonical_solution=canonical,
            language=language,
            wrong_solutions=wrong,
        )

    def _finish(self, problem: Problem, text: str) -> str:
        finished: str = self.task.postprocess_generation(text, self._places[problem.id])
        return finished

    def _compose(self, problem: Problem, text: str, _: bool = True) -> tuple[str, str]:
        execution = self._execution(self._places[problem.id], text)
        solution = execution.candidate.removeprefix(self._judging.header)
        if self._judging.header and problem.language == "python":
            solution = compose_with_numpy(problem, solution, True)[0]
        return solution, execution.tests

    def _execution(self, place: int, candidate: str) -> Execution:
        document = self._documents[place]
        reference = self.task.get_reference(document)
        try:
            return capture(self.task, self._stand_ins, document, reference, candidate)
        except UsageError as error:
            raise self._refusal(error) from error

    def _refusal(self, error: UsageError) -> UsageError:
        return UsageError(
            f"--bigcode-tasks {self.name}: {error}; run it with the harness's own main.py"
        )
