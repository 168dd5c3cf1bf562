from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_aibench.generation.keys import model_key, reply_key
from pytest_aibench.models.base import ModelIdentity, Request, Sampling
from pytest_aibench.problems.problem import Problem
from tests.unit.generation.requests import asked

IDENTITY = ModelIdentity("llama3", "ollama", "llama3", "http://h:1", "abc")
MODEL = model_key(IDENTITY)


@pytest.mark.parametrize(
    "other",
    [
        asked(1),
        asked(prompt="write g"),
        asked(chat=False),
        asked(system="S"),
        asked(system=""),
        asked(sampling=Sampling(temperature=0.0)),
        asked(sampling=Sampling(seed=0)),
        asked(sampling=Sampling(stop=("a",))),
        asked(prompt="write f\ud800"),
    ],
)
def test_what_makes_another_request(other: Request) -> None:
    assert reply_key(MODEL, other) != reply_key(MODEL, asked())


def test_what_does_not() -> None:
    same = asked(benchmark="other", problem=Problem("q", "", "", ""))
    assert reply_key(MODEL, same) == reply_key(MODEL, asked())
    assert len(reply_key(MODEL, same)) == 32


@pytest.mark.parametrize(
    "change",
    [{"digest": "abd"}, {"endpoint": "http://h:2"}, {"name": "x"}, {"settings": {"num_ctx": 1}}],
)
def test_what_makes_another_model(change: dict[str, object]) -> None:
    assert model_key(replace(IDENTITY, **change)) != MODEL  # type: ignore[arg-type]


def test_spelling_and_version_make_no_other_model() -> None:
    assert model_key(replace(IDENTITY, spec="ollama/llama3", facts={"version": "2"})) == MODEL
