from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_aibench.generation.keys import group_key, model_key, reply_key
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


def test_with_a_seed_it_matters_how_many_samples_it_stands_for() -> None:
    seeded = asked(sampling=Sampling(seed=7))
    assert reply_key(MODEL, replace(seeded, together=4)) != reply_key(MODEL, seeded)
    assert reply_key(MODEL, asked(together=4)) == reply_key(MODEL, asked())


def test_samples_that_one_request_may_ask_for_are_of_one_group() -> None:
    samples = [asked(i, sampling=Sampling(0.5, seed=i), together=4) for i in range(9)]
    groups = [group_key(MODEL, request) for request in samples]
    assert [groups.index(group) for group in groups] == [0, 0, 0, 0, 4, 4, 4, 4, 8]
    for other in (asked(prompt="x", together=4), asked(sampling=Sampling(0.6), together=4)):
        assert group_key(MODEL, other) not in groups
    assert group_key(MODEL, asked()) == b""


@pytest.mark.parametrize(
    "change",
    [{"digest": "abd"}, {"endpoint": "http://h:2"}, {"name": "x"}, {"settings": {"num_ctx": 1}}],
)
def test_what_makes_another_model(change: dict[str, object]) -> None:
    assert model_key(replace(IDENTITY, **change)) != MODEL  # type: ignore[arg-type]


def test_spelling_and_version_make_no_other_model() -> None:
    assert model_key(replace(IDENTITY, spec="ollama/llama3", facts={"version": "2"})) == MODEL
