"""What a benchmark function receives: the sample, and the sandbox that judges it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pytest_aibench.errors import Unsolved
from pytest_aibench.records import Verdict, VerdictKind

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_aibench.declare import Declaration
    from pytest_aibench.generation.extract import Extraction
    from pytest_aibench.models.base import Reply
    from pytest_aibench.problems.problem import Dataset, Problem
    from pytest_aibench.sandbox.program import Executor, Program
    from pytest_aibench.settings import Settings

__all__ = ["Engine", "Sample", "SandboxFixture"]


class Engine(Protocol):
    """What items need of the process that they run in: data sets, model, sandbox and journal.

    `asks_a_server`: replies come from a model's server, not from this process itself.
    """

    settings: Settings
    asks_a_server: bool

    def load(self, declaration: Declaration, test_file: Path, *, may_download: bool) -> Dataset:
        """The problems of a benchmark function. Raises `DataAbsent`, `UsageError`."""
        ...

    def ask(self, sample: Sample) -> Reply:
        """The model's reply. Raises `ModelError`."""
        ...

    def prompt_of(self, sample: Sample) -> str:
        """The text that was asked."""
        ...

    def extract(self, benchmark: str, problem: Problem, reply: Reply) -> Extraction:
        """The code in `reply`."""
        ...

    def compose(self, benchmark: str, problem: Problem, code: str) -> Program:
        """`code` with the problem's tests."""
        ...

    @property
    def executor(self) -> Executor:
        """Where programs run."""
        ...

    def count(self, verdict: Verdict) -> Verdict:
        """`verdict` as it counts in this run."""
        ...

    def note(self, record: dict[str, Any]) -> None:
        """Append one sample to the journal."""
        ...


class Sample:
    """The i-th attempt of the model at one problem.

    Asking for `reply`, `solution` or `program` waits for the model; asking again does not.
    """

    __slots__ = ("_engine", "_extraction", "_reply", "benchmark", "index", "problem", "verdict")

    def __init__(self, benchmark: str, problem: Problem, index: int, engine: Engine) -> None:
        self.benchmark = benchmark
        self.problem = problem
        self.index = index
        self.verdict: Verdict | None = None
        self._engine = engine
        self._reply: Reply | None = None
        self._extraction: Extraction | None = None

    @property
    def replied(self) -> bool:
        """Whether the model's reply is here already."""
        return self._reply is not None

    @property
    def prompt(self) -> str:
        """What the model was asked: of a stored or reference answer, the problem's own prompt."""
        return self._engine.prompt_of(self)

    @property
    def reply(self) -> Reply:
        """What the model returned, verbatim. Raises `ModelError`."""
        if self._reply is None:
            self._reply = self._engine.ask(self)
        return self._reply

    @property
    def extraction(self) -> Extraction:
        """The code found in the reply, and how it was found."""
        if self._extraction is None:
            self._extraction = self._engine.extract(self.benchmark, self.problem, self.reply)
        return self._extraction

    @property
    def other_language(self) -> str:
        """The language that the reply is in instead of the problem's, once code was sought."""
        return self._extraction.language if self._extraction is not None else ""

    @property
    def solution(self) -> str | None:
        """The whole solution as source text; None where the reply holds no code."""
        return self.extraction.code

    @property
    def program(self) -> Program | None:
        """The solution composed with the problem's tests; None where there is no code."""
        if self.solution is None:
            return None
        return self._engine.compose(self.benchmark, self.problem, self.solution)


class SandboxFixture:
    """The `sandbox` fixture: executes programs in hardened containers."""

    __slots__ = ("_engine",)

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self, sample: Sample) -> Verdict:
        """Execute the sample's program with its tests and return the verdict.

        Raises:
            ModelError, SandboxError: the sample could not be measured.
        """
        sample.verdict = self._judge(sample)
        return sample.verdict

    def check(self, sample: Sample) -> Verdict:
        """Like `run`, but raises `Unsolved` unless the program passed."""
        verdict = self.run(sample)
        if not verdict.passed:
            raise Unsolved(verdict.detail or str(verdict.kind))
        return verdict

    def execute(self, program: Program) -> Verdict:
        """Execute any program, for benchmarks that compose their own."""
        return self._engine.executor.execute(program)

    def _judge(self, sample: Sample) -> Verdict:
        if sample.reply.finish_reason == "refusal":
            return Verdict(VerdictKind.REFUSED, "the model refused to answer")
        program = sample.program
        if program is None:
            return Verdict(VerdictKind.NO_CODE, _no_code(sample))
        return self._engine.count(self.execute(program))


def _no_code(sample: Sample) -> str:
    if sample.other_language:
        return f"the reply is in {sample.other_language}, not {sample.problem.language}"
    return "no code found in the reply"
