"""What a profile is: all that another harness does differently, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pytest_aibench.errors import UsageError
from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.compose import Compose
from pytest_aibench.problems.judging import Rules
from pytest_aibench.problems.problem import Problem

__all__ = ["AIBENCH", "NotCovered", "Profile", "Task", "unchanged"]


class NotCovered(UsageError):  # noqa: N818 - reads as the state it is
    """The profile's harness does not define the benchmark."""


def unchanged(text: str) -> str:
    """`text` itself."""
    return text


@dataclass(frozen=True, slots=True)
class Task:
    """What a harness does with one benchmark.

    `sent` makes of context and prompt the text that a base model continues, and `stop` are the
    words at which its continuation is ended. `finish` makes of prompt and continuation the
    candidate; None leaves them as they are. A program is what `compose` makes of that candidate,
    judged by `rules` within `cpu_seconds`.
    """

    compose: Compose
    cpu_seconds: float
    rules: Rules
    sent: Callable[[str], str] = unchanged
    stop: tuple[str, ...] = ()
    finish: Callable[[Problem, str], str] | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A harness, as runs of its benchmarks follow it.

    `harness` names it with the version that is followed. `tasks` are the benchmarks that it
    defines. Those whose names begin with `native` are its own, as they declare themselves; an
    empty one stands for all. `defaults` are values of options, by their names, that hold where the
    user gives none. `chat` is the message that puts a problem to a chat model; None where the
    harness has none (`own_chat`: this project's holds). `whole`: nothing is scored unless every
    problem has a sample. `trusting`: no reference solution runs first, every pass is believed.
    """

    name: str
    harness: str
    tasks: Mapping[str, Task]
    native: str | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    chat: Callable[[Problem], str] | None = None
    own_chat: bool = False
    whole: bool = False
    trusting: bool = True

    def task(self, benchmark: str) -> Task | None:
        """What the harness does with the benchmark; None where that speaks for itself.

        Raises:
            NotCovered: the harness does not define it; the message names what it does.
        """
        if self.native is not None and benchmark.startswith(self.native):
            return None
        if benchmark not in self.tasks:
            raise NotCovered(
                f"profile {self.name} does not define {benchmark}: {self.harness} covers "
                f"{', '.join(self.tasks)}. Name one of these, or leave --profile out"
            )
        return self.tasks[benchmark]

    def adapt(self, benchmark: Benchmark) -> Benchmark:
        """`benchmark` as the harness defines it. Raises `NotCovered`."""
        task = self.task(benchmark.name)
        if task is None:
            return benchmark
        return replace(
            benchmark,
            compose=task.compose,
            stop=task.stop,
            finish=task.finish,
            cpu_seconds=task.cpu_seconds,
            rules=task.rules,
        )

    def allow(self, mode: str, what: str) -> None:
        """Whether `mode`, of prompts or replies, is one that the harness has.

        Raises:
            UsageError: it has completions only; the message begins with `what` of the mode.
        """
        if mode != "completion" and not (self.chat or self.own_chat):
            raise UsageError(
                f"{what.format(mode)}: {self.harness} continues prompts, and has no rule for chat; "
                f"leave that out, or --profile {self.name}"
            )


AIBENCH = Profile("aibench", "pytest-aibench", {}, native="", own_chat=True, trusting=False)
"""Every benchmark as it declares itself: what is counted has been proven here."""
