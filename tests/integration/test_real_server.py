"""A real OpenAI-compatible server, whichever is named: `make real-server` starts one.

AIBENCH_REAL_SERVER is its address; AIBENCH_REAL_MODEL a model, else the first that it lists.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

import httpx
import pytest

from pytest_aibench.generation.service import DirectGenerator
from pytest_aibench.models.errors import PromptError
from pytest_aibench.models.openai import OpenAIModel, open_model
from pytest_aibench.models.scoring import score_of
from pytest_aibench.models.spec import parse_spec
from tests.unit.generation.requests import asked

URL = os.environ.get("AIBENCH_REAL_SERVER", "")
SOURCE = """
import pytest_aibench as aibench

WORDS = ["hello"] * 4 + ["hello " * 20_000] * LONG
PROBLEMS = [
    aibench.Problem(id=f"P/{i}", prompt=f"def f{i}(a, b):\\n    # {word}", entry_point="f", test="")
    for i, word in enumerate(WORDS)
]


@aibench.benchmark("served", problems=PROBLEMS)
def test_served(sample):
    assert "def" in sample.reply.text
"""
pytestmark = pytest.mark.skipif(
    not URL,
    reason="needs a model's server: `make real-server`, or AIBENCH_REAL_SERVER=http://host:port",
)


@pytest.fixture(scope="module")
def model_name() -> str:
    named = os.environ.get("AIBENCH_REAL_MODEL")
    return named or str(httpx.get(f"{URL}/v1/models").json()["data"][0]["id"])


@pytest.fixture
def spec(model_name: str) -> str:
    return f"openai/{model_name}"


def run(
    pytester: pytest.Pytester, spec: str, *args: str, long: int = 0
) -> tuple[pytest.RunResult, dict[str, Any], list[dict[str, Any]]]:
    """The result, the run's summary and its samples."""
    pytester.makepyfile(test_served=SOURCE.replace("LONG", str(long)))
    result = pytester.runpytest_subprocess(
        "--model", spec, "--base-url", URL, "--n-samples", "3", "--max-tokens", "24",
        "--temperature", "0.9", "--aibench-report", "r.json", *args,
    )  # fmt: skip
    summary = json.loads((pytester.path / "r.json").read_text())
    lines = (pytester.path / "r.samples.jsonl").read_text().splitlines()
    return result, summary, [row for row in map(json.loads, lines) if "problem" in row]


@pytest.mark.parametrize(
    "ways",
    [("-n2",), ("--prompt-mode", "completion", "--seed", "1"), ("--samples-per-request", "3")],
    ids=["chat", "completion", "several at once"],
)
def test_every_sample_is_measured_and_asked_for_once(
    pytester: pytest.Pytester, spec: str, ways: tuple[str, ...]
) -> None:
    result, summary, samples = run(pytester, spec, *ways)
    assert result.ret == 0, result.stdout.str()
    served = summary["benchmarks"]["served"]
    assert (len(samples), served["errors"]) == (12, 0)
    assert len({row["facts"]["reply"] for row in samples}) > 1
    usage = summary["run"]["generation"]["benchmarks"]["served"]
    assert usage["tokens_out"] > 0
    assert (usage["tokens_in"], usage["tokens_out"]) == (
        sum(row["tokens_in"] for row in samples),
        sum(row["tokens_out"] for row in samples),
    )
    _, again, _ = run(pytester, spec, *ways)
    assert again["benchmarks"]["served"]["problems"] == served["problems"]
    usage = again["run"]["generation"]["benchmarks"]["served"]
    assert (usage["requests"], usage["cached"]) == (0, 12)


def test_a_prompt_that_is_too_long_is_not_measured_and_harms_no_other(
    pytester: pytest.Pytester, spec: str
) -> None:
    result, summary, samples = run(pytester, spec, long=1)
    assert result.ret != 0
    errors = [row["error"] for row in samples if row.get("error")]
    assert len(errors) == 3
    assert all("context" in error for error in errors)
    assert summary["benchmarks"]["served"]["samples"]["measured"] == 12


def test_an_empty_prompt_is_answered_or_refused_at_once(spec: str) -> None:
    generator = DirectGenerator(open_model(parse_spec(spec, base_url=URL)))
    with contextlib.closing(generator), contextlib.suppress(PromptError):
        assert generator.reply(asked(prompt="", chat=False)).text


def test_log_probabilities_are_right_or_refused(spec: str) -> None:
    model: OpenAIModel = open_model(parse_spec(spec, base_url=URL))
    generator = DirectGenerator(model)
    try:
        fault = generator._loop.run(model.scoring_fault(from_start=False))
        if fault:
            assert "log-probabilities" in fault
            pytest.skip(f"the server is refused: {fault}")
        request = asked(prompt="The sky is", chat=False, continuation=" blue")
        assert score_of(generator.reply(request))[0] < 0.0
    finally:
        generator.close()
