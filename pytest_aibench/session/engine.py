"""What one process holds to measure samples; every part is made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_aibench.declare import Declaration
from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.files import read_problems
from pytest_aibench.problems.inline import dataset_of
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.registry import get_benchmark
from pytest_aibench.problems.sources import DataSource
from pytest_aibench.records import BELIEVED, Verdict, VerdictKind
from pytest_aibench.session.run import Run
from pytest_aibench.settings import Settings

if TYPE_CHECKING:
    from pytest_aibench.generation.extract import Extraction
    from pytest_aibench.generation.service import Generator
    from pytest_aibench.items.sample import Sample
    from pytest_aibench.models.base import Reply, Request
    from pytest_aibench.report.journal import JournalWriter
    from pytest_aibench.sandbox.program import Executor, Limits, Program
    from pytest_aibench.session.calibration import Calibration, Name

__all__ = ["Engine"]


class Engine:
    """Data sets, model, sandbox and journal of one process of a run.

    `asks_a_server`: replies come from a model's server, not from this process itself.
    """

    def __init__(
        self,
        settings: Settings,
        run: Run,
        open_generator: Callable[[], Generator],
        *,
        asks_a_server: bool,
    ) -> None:
        self.settings = settings
        self.run = run
        self._open_generator = open_generator
        self.asks_a_server = asks_a_server
        self._benchmarks: dict[str, Benchmark] = {}
        self._calibration: Calibration | None = None
        self._limits_file = run.limits_file
        self._resources = ExitStack()

    def load(self, declaration: Declaration, test_file: Path, *, may_download: bool) -> Dataset:
        """The problems of a benchmark function, cut at `--limit`.

        Raises:
            DataAbsent: they can be had nowhere.
            NotCovered: the profile does not define the benchmark.
            UsageError, DataError: the benchmark is unknown, or its data are wrong.
        """
        benchmark = self.settings.profile.adapt(_benchmark(declaration, test_file))
        source = DataSource(
            data_dir=self.settings.data_dir,
            cache_dir=self.settings.cache_dir / "data",
            allow_download=may_download,
            problem_file=self.settings.problems_file,
        )
        dataset = benchmark.load(source)
        self._benchmarks[declaration.name] = benchmark
        return replace(dataset, problems=dataset.problems[: self.settings.limit])

    def stop_words(self, benchmark: str) -> tuple[str, ...]:
        """At which words a base model's continuation ends."""
        return self._benchmarks[benchmark].stop

    @cached_property
    def generator(self) -> Generator:
        """Where replies come from."""
        generator = self._open_generator()
        self._resources.callback(generator.close)
        return generator

    @cached_property
    def executor(self) -> Executor:
        """Where programs run; its containers live until `close`."""
        from pytest_aibench.sandbox import open_executor
        from pytest_aibench.session.executing import stored_verdicts

        executor = open_executor(
            run_id=self.run.id,
            worker=self.run.worker,
            isolation=self.settings.isolation,
            cache=stored_verdicts(self.settings, self._resources),
            hosts=self.run.hosts(self.settings.sandbox_hosts),
        )
        self._resources.callback(executor.close)
        return executor

    @cached_property
    def journal(self) -> JournalWriter:
        """Where this process notes its samples in full."""
        from pytest_aibench.report.journal import JournalWriter

        journal = JournalWriter(self.run.journal_file)
        self._resources.callback(journal.close)
        return journal

    def ask(self, sample: Sample) -> Reply:
        """The model's reply for `sample`.

        Raises:
            ModelError: there is none.
            UsageError: it is of a form for which the profile's harness has no rule.
        """
        reply = self.generator.reply(self._request(sample))
        if reply.form == "chat":
            self.settings.profile.allow("chat", "the reply is of {}")
        return reply

    def prompt_of(self, sample: Sample) -> str:
        """The exact text that a server was asked; else the problem's own prompt."""
        return self._request(sample).prompt if self.asks_a_server else sample.problem.prompt

    def _request(self, sample: Sample) -> Request:
        from pytest_aibench.session.asking import make_request

        return make_request(
            sample.benchmark,
            sample.problem,
            sample.index,
            self.settings,
            self.generator.identity,
            self.stop_words(sample.benchmark),
        )

    def extract(self, benchmark: str, problem: Problem, reply: Reply) -> Extraction:
        """The code in `reply`; of a completion, what the benchmark's reference makes of it."""
        from pytest_aibench.generation.extract import extract
        from pytest_aibench.models.base import ReplyForm

        found = extract(reply, problem)
        finish = self._benchmarks[benchmark].finish
        if finish is None or reply.form is not ReplyForm.COMPLETION or found.code is None:
            return found
        return replace(found, code=finish(problem, found.code))

    def compose(self, benchmark: str, problem: Problem, code: str) -> Program:
        """`code` with the problem's tests, as the benchmark's reference composes them."""
        from pytest_aibench.sandbox.program import Limits, Program

        reference = self._benchmarks[benchmark]
        solution, tests = reference.compose(problem, code, True)
        limits = replace(Limits.allowing(reference.cpu_seconds), memory=reference.memory)
        return Program(
            problem.executed_as,
            solution,
            tests,
            self._limits((benchmark, problem.id), limits),
            reference.rules,
            entry_point=problem.entry_point,
            context=problem.prompt,
        )

    def _limits(self, name: Name, limits: Limits) -> Limits:
        """`limits`, fitted to this machine once the controller knows how."""
        from pytest_aibench.session.calibration import Calibration

        if self._calibration is None and self._limits_file.exists():
            self._calibration = Calibration.read(self._limits_file)
        return limits if self._calibration is None else self._calibration.limits(name, limits)

    def count(self, verdict: Verdict) -> Verdict:
        """`verdict` as it counts in this run's profile."""
        if verdict.kind is VerdictKind.SUSPICIOUS and self.settings.profile.trusting:
            return replace(verdict, kind=VerdictKind.PASSED, proof=BELIEVED)
        return verdict

    def note(self, record: dict[str, Any]) -> None:
        """Append one sample to the journal."""
        self.journal.write(record)

    def close(self) -> None:
        """Release containers, connections and files."""
        self._resources.close()


def _benchmark(declaration: Declaration, test_file: Path) -> Benchmark:
    problems = declaration.problems
    if problems is None:
        return get_benchmark(declaration.name)
    load: Callable[[DataSource], Dataset]
    if isinstance(problems, str | Path):
        path = test_file.parent / problems

        def load(_: DataSource) -> Dataset:
            return read_problems(path)
    else:

        def load(_: DataSource) -> Dataset:
            return dataset_of(problems() if callable(problems) else problems)

    return Benchmark(name=declaration.name, title=declaration.name, load=load)
