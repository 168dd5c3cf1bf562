from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.generation.sampling import sample_seed, sampling_of
from pytest_aibench.models.base import Sampling


def test_without_a_seed_none_is_sent() -> None:
    base = Sampling(temperature=0.8)
    assert sampling_of(base, 7) is base


def test_sample_0_has_the_seed_as_given() -> None:
    assert sampling_of(Sampling(seed=42), 0) == Sampling(seed=42)


def test_samples_and_neighbouring_runs_share_no_seed() -> None:
    seeds = [sample_seed(base, i) for base in range(20) for i in range(1, 200)]
    assert len(set(seeds)) == len(seeds)


@given(st.integers(-(2**63), 2**63), st.integers(1, 10_000))
def test_derived_seeds_fit_what_servers_take(base: int, sample: int) -> None:
    assert 0 <= sample_seed(base, sample) < 2**31
    assert sample_seed(base, sample) == sample_seed(base, sample)
