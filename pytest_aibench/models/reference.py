"""The reference "model": the canonical solution, or a wrong one with a known probability."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pytest_aibench.errors import UsageError
from pytest_aibench.models.base import LocalModel, ModelIdentity, Reply, ReplyForm, Request
from pytest_aibench.models.errors import NoReplyError
from pytest_aibench.models.spec import ModelSpec
from pytest_aibench.problems.problem import Problem

__all__ = ["ReferenceModel", "open_model"]


@dataclass(frozen=True, slots=True)
class ReferenceModel(LocalModel):
    """Solves each sample with probability `solve`.

    Which samples it solves depends on nothing but `seed`, the problem's id and the sample's index,
    so that runs repeat and the expected Pass@K can be computed beforehand.
    """

    solve: float = 1.0
    seed: int = 0
    spec: str = "reference"

    @property
    def identity(self) -> ModelIdentity:
        facts = {"solve": self.solve, "seed": self.seed}
        return ModelIdentity(self.spec, "reference", "reference", facts=facts)

    def answer(self, request: Request) -> Reply:
        problem = request.problem
        draw = self._draw(problem.id, request.sample)
        if draw / 2**64 < self.solve:
            return Reply(_canonical(problem), ReplyForm.COMPLETION)
        return Reply(_wrong(problem, request.sample), ReplyForm.COMPLETION)

    def solves(self, problem_id: str, sample: int) -> bool:
        """Whether this sample gets the canonical solution."""
        return self._draw(problem_id, sample) / 2**64 < self.solve

    def _draw(self, problem_id: str, sample: int) -> int:
        digest = hashlib.sha256(f"{self.seed}\0{problem_id}\0{sample}".encode()).digest()
        return int.from_bytes(digest[:8], "big")


def open_model(spec: ModelSpec) -> ReferenceModel:
    """`reference` or `reference:solve=P,seed=N`."""
    unknown = set(spec.options) - {"solve", "seed"}
    if unknown:
        raise UsageError(
            f"--model {spec.text}: unknown option {sorted(unknown)[0]!r}; "
            "reference knows solve (a probability) and seed (a whole number)"
        )
    return ReferenceModel(
        solve=_probability(spec), seed=_whole_number(spec, "seed"), spec=spec.text
    )


def _canonical(problem: Problem) -> str:
    if problem.canonical_solution is None:
        raise NoReplyError(
            f"{problem.id} has no canonical_solution, so --model reference cannot answer it; "
            "add one to the problem file or choose another model"
        )
    return problem.canonical_solution


def _wrong(problem: Problem, sample: int) -> str:
    if problem.wrong_solutions:
        return problem.wrong_solutions[sample % len(problem.wrong_solutions)]
    if problem.language == "python":
        return f"{_indent(problem)}raise NotImplementedError\n"
    # In the other languages a prompt that nothing continues does not compile.
    return ""


def _indent(problem: Problem) -> str:
    for line in (problem.canonical_solution or "").splitlines():
        if line.strip():
            return line[: len(line) - len(line.lstrip())] or "    "
    return "    "


def _probability(spec: ModelSpec) -> float:
    text = spec.options.get("solve", "1")
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise UsageError(f"--model {spec.text}: solve must be a number from 0 to 1, got {text!r}")
    return value


def _whole_number(spec: ModelSpec, name: str) -> int:
    text = spec.options.get(name, "0")
    try:
        return int(text)
    except ValueError:
        raise UsageError(
            f"--model {spec.text}: {name} must be a whole number, got {text!r}"
        ) from None
