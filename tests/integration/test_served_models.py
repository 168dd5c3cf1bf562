"""Models behind a server: asked ahead from the controller, stored, refused with a remedy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers.ollama import OllamaStandIn
from tests.servers.openai import OpenAIStandIn
from tests.servers.stand_in import Status

SOURCE = """
import pytest_aibench as aibench

PROBLEMS = [
    aibench.Problem(id=f"P/{i}", prompt=f"def f{i}():\\n", entry_point="f", test="")
    for i in range(4)
]


@aibench.benchmark("served", problems=PROBLEMS)
def test_served(sample):
    assert "return 1" in sample.solution
"""
EVERY_WAY = pytest.mark.parametrize("ways", [(), ("-n2",)], ids=["alone", "xdist"])


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaStandIn]:
    with OllamaStandIn() as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        yield server


@pytest.fixture
def openai(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn(key="secret-key") as server:
        monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        yield server


def run(pytester: pytest.Pytester, *args: str) -> tuple[pytest.RunResult, dict[str, Any]]:
    pytester.makepyfile(test_served=SOURCE)
    result = pytester.runpytest_subprocess("--aibench-report", "r.json", *args)
    path = pytester.path / "r.json"
    return result, json.loads(path.read_text()) if path.exists() else {}


@EVERY_WAY
def test_ollama_is_asked_once_a_sample_and_never_again(
    pytester: pytest.Pytester, ollama: OllamaStandIn, ways: tuple[str, ...]
) -> None:
    asked = ("--model", "llama3", "--n-samples", "3", "--seed", "7", "--temperature", "0.5", *ways)
    result, summary = run(pytester, *asked)
    assert result.ret == 0
    assert summary["benchmarks"]["served"]["pass@1"]["value"] == 1.0
    posts = ollama.posts("/api/chat")
    requests = [body for body in posts if body.get("messages")]
    assert len(requests) == 12
    assert len({(b["messages"][0]["content"], b["options"]["seed"]) for b in requests}) == 12
    result, again = run(pytester, *asked)
    assert result.ret == 0
    assert again["benchmarks"]["served"]["problems"] == summary["benchmarks"]["served"]["problems"]
    assert len([b for b in ollama.posts("/api/chat") if b.get("messages")]) == 12


@EVERY_WAY
def test_no_cache_asks_again(
    pytester: pytest.Pytester, ollama: OllamaStandIn, ways: tuple[str, ...]
) -> None:
    for _ in range(2):
        run(pytester, "--model", "llama3", "--no-cache", *ways)
    assert len([b for b in ollama.posts("/api/chat") if b.get("messages")]) == 8


@EVERY_WAY
def test_a_model_that_is_not_pulled_is_refused_before_anything_runs(
    pytester: pytest.Pytester, ollama: OllamaStandIn, ways: tuple[str, ...]
) -> None:
    result, summary = run(pytester, "--model", "absent", *ways)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert summary == {}
    result.stderr.fnmatch_lines(["ERROR: *absent*ollama pull absent*"])


def test_a_server_that_is_not_there_is_named(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    result, _ = run(pytester, "--model", "llama3")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *127.0.0.1:9*"])


@EVERY_WAY
def test_an_openai_server_and_its_key_stay_apart(
    pytester: pytest.Pytester, openai: OpenAIStandIn, ways: tuple[str, ...]
) -> None:
    result, summary = run(pytester, "--model", "openai/m", "--n-samples", "2", *ways)
    assert result.ret == 0, result.stdout.str()
    assert summary["run"]["identity"]["provider"] == "openai"
    written = "".join(p.read_text() for p in pytester.path.glob("r.*"))
    assert "secret-key" not in written + result.stdout.str()


@EVERY_WAY
def test_several_samples_in_one_request(
    pytester: pytest.Pytester, openai: OpenAIStandIn, ways: tuple[str, ...]
) -> None:
    several = ("--model", "openai/m", "--n-samples", "5", "--samples-per-request", "3", *ways)
    result, summary = run(pytester, *several)
    assert result.ret == 0, result.stdout.str()
    bodies = openai.posts("/v1/chat/completions")
    assert sorted(body["n"] for body in bodies) == [2] * 4 + [3] * 4
    tokens = summary["benchmarks"]["served"]["tokens"]
    assert (tokens["in"], tokens["out"]) == (8 * 7, 20 * 11)
    assert summary["run"]["generation"]["benchmarks"]["served"]["requests"] == 8
    assert summary["run"]["settings"]["samples_per_request"] == 3
    run(pytester, *several)
    assert len(openai.posts("/v1/chat/completions")) == 8


def test_several_samples_in_one_request_are_refused_where_no_server_can(
    pytester: pytest.Pytester, ollama: OllamaStandIn
) -> None:
    result, _ = run(pytester, "--model", "llama3", "--samples-per-request", "2")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --samples-per-request 2: *llama3*--concurrency*"])


@EVERY_WAY
def test_a_refused_key_stops_the_run_with_one_sentence(
    pytester: pytest.Pytester, openai: OpenAIStandIn, monkeypatch: pytest.MonkeyPatch,
    ways: tuple[str, ...],
) -> None:  # fmt: skip
    monkeypatch.setenv("OPENAI_API_KEY", "wrong")
    result, _ = run(pytester, "--model", "openai/m", *ways)
    assert result.ret != 0
    assert "OPENAI_API_KEY" in result.stdout.str() + result.stderr.str()
    assert len(openai.posts("/v1/chat/completions")) <= 1


@EVERY_WAY
def test_a_fatal_answer_in_the_middle_stops_everything(
    pytester: pytest.Pytester, openai: OpenAIStandIn, ways: tuple[str, ...]
) -> None:
    openai.faults.extend([None, None, *[Status(403, b'{"error": {"message": "no"}}')] * 100])
    result, summary = run(
        pytester, "--model", "openai/m", "--n-samples", "20", "--concurrency", "2", *ways
    )
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert summary["run"]["complete"] is False
    assert len(openai.posts("/v1/chat/completions")) < 10


@EVERY_WAY
def test_a_budget_of_tokens_ends_the_run_with_its_own_exit_code(
    pytester: pytest.Pytester, openai: OpenAIStandIn, ways: tuple[str, ...]
) -> None:
    result, summary = run(
        pytester, "--model", "openai/m", "--n-samples", "20", "--concurrency", "2",
        "--max-tokens-total", "100", *ways,
    )  # fmt: skip
    assert result.ret == 12, result.stdout.str()
    assert summary["run"]["complete"] is False
    assert 0 < summary["benchmarks"]["served"]["tokens"]["in"] < 20 * 4 * 7
    result.stdout.fnmatch_lines(["*--max-tokens-total 100 is used up*"])


def test_a_rate_limit_is_waited_for_and_never_scored(
    pytester: pytest.Pytester, openai: OpenAIStandIn
) -> None:
    openai.faults.extend([Status(429, headers={"Retry-After": "0"}), None, Status(503)])
    result, summary = run(pytester, "--model", "openai/m")
    assert result.ret == 0
    assert summary["benchmarks"]["served"]["errors"] == 0
    assert len(openai.posts("/v1/chat/completions")) == 6


def test_completion_mode_sends_the_prompt_as_it_is(
    pytester: pytest.Pytester, openai: OpenAIStandIn
) -> None:
    openai.text = "    return 1\n"
    result, _ = run(pytester, "--model", "openai/m", "--prompt-mode", "completion")
    assert result.ret == 0
    prompts = [body["prompt"] for body in openai.posts("/v1/completions")]
    assert sorted(prompts) == [f"def f{i}():\n" for i in range(4)]


@EVERY_WAY
def test_a_users_own_template_makes_the_prompt(
    pytester: pytest.Pytester, openai: OpenAIStandIn, ways: tuple[str, ...]
) -> None:
    (pytester.path / "mine.j2").write_text("Write {{ entry_point }} in {{ language_name }}!")
    template = ("--prompt-template", "mine.j2", "--system-prompt", "Be brief.")
    result, summary = run(pytester, "--model", "openai/m", *template, *ways)
    assert result.ret == 0
    messages = [body["messages"] for body in openai.posts("/v1/chat/completions")]
    assert messages[0] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Write f in Python!"},
    ]
    assert summary["run"]["settings"]["prompt_template"] == "mine.j2"
    assert len(summary["run"]["prompt_digest"]) == 64


def test_a_template_that_is_none_is_refused(
    pytester: pytest.Pytester, openai: OpenAIStandIn
) -> None:
    (pytester.path / "mine.j2").write_text("{{ entry_point")
    result, _ = run(pytester, "--model", "openai/m", "--prompt-template", "mine.j2")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *mine.j2*"])


def test_equal_replies_to_everything_raise_the_alarm(
    pytester: pytest.Pytester, openai: OpenAIStandIn
) -> None:
    source = SOURCE.replace("range(4)", "range(6)")
    pytester.makepyfile(test_served=source)
    result = pytester.runpytest_subprocess(
        "--aibench-report", "r.json", "--model", "openai/m", "--n-samples", "3",
        "--temperature", "0.8",
    )  # fmt: skip
    assert result.ret == 0
    result.stdout.fnmatch_lines(["warning: served: 6 of 6 problems got the same reply*"])
    summary = json.loads((pytester.path / "r.json").read_text())
    assert len(summary["run"]["warnings"]) == 1
    assert summary["run"]["generation"]["benchmarks"]["served"]["requests"] == 18
