"""lm-eval's tasks as items: the scores are those of lm-eval's own `simple_evaluate`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("lm_eval", reason="lm-eval is not installed: pip install pytest-aibench[dev]")

from tests.data import data_rows
from tests.integration.lm_eval_runs import (
    _loaded,  # noqa: F401
    _offline,  # noqa: F401
    evaluated,
    evaluated_model,
    run,
    scores,
)
from tests.servers.scoring import TOKEN, ScoringStandIn, logprob, top_token, written
from tests.servers.stand_in import Status
from tests.unit.lm_eval.tasks import ALL, write_tasks

BOS_MODEL = "openai/m,bos=<s>"
SEED = ("--seed", "7")


@pytest.fixture(scope="session")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tasks(tmp_path_factory.mktemp("tasks"))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScoringStandIn]:
    with ScoringStandIn() as stand_in:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{stand_in.url}/v1")
        yield stand_in


def direct_model() -> Any:
    """The stand-in's model as a model of lm-eval, without a server and without our clients."""
    from lm_eval.api.model import LM

    def score(context: str, continuation: str) -> tuple[float, bool]:
        bare = context.rstrip()
        before = bare or "<s>"
        text = before + context[len(bare) :] + continuation
        asked = [m for m in TOKEN.finditer(text) if m.end() > len(before)]
        seen = [text[: m.start()] for m in asked]
        greedy = all(m[0] == top_token(s) for m, s in zip(asked, seen, strict=True))
        return sum(logprob(s, m[0]) for m, s in zip(asked, seen, strict=True)), greedy

    def generate(context: str, arguments: dict[str, Any]) -> str:
        text = written(context, arguments["max_gen_toks"])
        return min((text.partition(stop)[0] for stop in arguments["until"]), key=len)

    class Direct(LM):  # type: ignore[misc]
        def generate_until(self, requests: list[Any], **_: Any) -> list[str]:
            return [generate(*request.args) for request in requests]

        def loglikelihood(self, requests: list[Any], **_: Any) -> list[tuple[float, bool]]:
            return [score(*request.args) for request in requests]

        def loglikelihood_rolling(self, requests: list[Any], **_: Any) -> list[float]:
            return [score("", *request.args)[0] for request in requests]

    return Direct()


def test_every_output_type_gets_the_scores_of_a_model_of_lm_evals_own(
    pytester: pytest.Pytester, tasks: Path, server: ScoringStandIn
) -> None:
    result, summary = run(pytester, tasks, "--model", BOS_MODEL, "--lm-eval-tasks", ",".join(ALL))
    assert result.ret == 0, result.stdout.str() + result.stderr.str()
    result.assert_outcomes(passed=12 * 5 + 36)
    assert scores(summary) == evaluated_model(tasks, ALL, direct_model())
    assert summary["lm_eval"]["results"]["t_choice"]["acc,none"] > 0
    assert summary["lm_eval"]["aibench"] == {
        "complete": True, "documents": dict.fromkeys(ALL, 12), "missing": 0,
    }  # fmt: skip
    assert set(summary["lm_eval"]["task_hashes"]) == set(ALL)
    result.stdout.fnmatch_lines(["*t_words*strict*exact_match*"])


def test_workers_and_seeds_change_nothing_of_simple_evaluates_scores(
    pytester: pytest.Pytester, tasks: Path, server: ScoringStandIn
) -> None:
    asked = ("--model", BOS_MODEL, "--lm-eval-tasks", ",".join(ALL), *SEED)
    result, summary = run(pytester, tasks, *asked, "-n3", "--dist=load")
    assert result.ret == 0, result.stdout.str() + result.stderr.str()
    assert scores(summary) == evaluated(tasks, ALL, BOS_MODEL, seed=7)


def test_groups_limits_examples_and_chat_go_to_lm_eval(
    pytester: pytest.Pytester, tasks: Path, server: ScoringStandIn
) -> None:
    result, summary = run(
        pytester, tasks, "--model", "openai/m", "--lm-eval-tasks", "t_group,t_bleu",
        "--num-fewshot", "3",
        "--lm-eval-limit", "5", "--prompt-mode", "chat", "--system-prompt", "Be brief.",
        "--temperature", "0.5", "--max-tokens", "4", *SEED,
    )  # fmt: skip
    assert result.ret == 0, result.stdout.str() + result.stderr.str()
    expected = evaluated(
        tasks, ("t_group", "t_bleu"), "openai/m", seed=7, num_fewshot=3, limit=5,
        apply_chat_template=True, system_instruction="Be brief.",
        gen_kwargs={"temperature": 0.5, "do_sample": True, "max_gen_toks": 4},
    )  # fmt: skip
    assert scores(summary) == expected
    assert summary["lm_eval"]["groups"]["t_group"]["exact_match,strict"] is not None
    limited = "limited to the first 5 documents of each of lm-eval's tasks"
    assert (summary["run"]["complete"], summary["run"]["incomplete"]) == (False, [limited])
    bodies = server.posts("/v1/chat/completions")
    assert {body["messages"][0]["role"] for body in bodies} == {"system"}
    words = next(b for b in bodies if len(b["messages"]) > 3)["messages"]
    assert [m["role"] for m in words] == ["system", *["user", "assistant"] * 3, "user"]


def test_a_part_gets_no_scores_and_the_rest_is_all_that_is_asked_later(
    pytester: pytest.Pytester, tasks: Path, server: ScoringStandIn
) -> None:
    asked_for = ("--model", "openai/m", "--lm-eval-tasks", "t_words,t_votes", *SEED)
    result, part = run(pytester, tasks, *asked_for, "-k", "doc3 or doc4")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*INCOMPLETE: 40 of 48 documents*no scores*"])
    assert "results" not in part["lm_eval"]
    assert part["run"]["complete"] is False
    assert len(server.posts("/v1/completions")) == 8
    result, whole = run(pytester, tasks, *asked_for, "-n2")
    assert result.ret == 0
    assert len(server.posts("/v1/completions")) == 48
    assert set(whole["lm_eval"]["results"]) == {"t_words", "t_votes"}


def test_what_is_fatal_stops_the_run(
    pytester: pytest.Pytester, tasks: Path, server: ScoringStandIn
) -> None:
    server.faults.extend([None] * 5 + [Status(403, b'{"error": {"message": "no"}}')] * 100)
    result, summary = run(
        pytester, tasks, "--model", "openai/m", "--lm-eval-tasks", "t_votes", "--concurrency", "1"
    )
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert summary["lm_eval"]["aibench"] == {
        "complete": False, "documents": {"t_votes": 12}, "missing": 31,
    }  # fmt: skip
    assert len(server.posts("/v1/completions")) == 6


def test_documents_and_samples_share_a_session_and_workers_import_nothing_heavy(
    pytester: pytest.Pytester, tasks: Path, server: ScoringStandIn
) -> None:
    pytester.makepyfile(test_samples=SAMPLES)
    pytester.makeconftest("""
        import pathlib, sys

        def pytest_sessionfinish(session):
            if hasattr(session.config, "workerinput"):
                heavy = {"lm_eval", "datasets", "pandas"} & set(sys.modules)
                name = session.config.workerinput["workerid"]
                pathlib.Path(f"imported-{name}").write_text(repr(heavy))

        def pytest_runtest_logreport(report):
            if "t_words" in report.nodeid and hasattr(report, "node"):
                with open("reports", "a") as file:
                    file.write(report.when + " ")
    """)
    result, summary = run(
        pytester, tasks, "test_samples.py", "--model", "openai/m", "--lm-eval-tasks", "t_words",
        "-n2", "--lm-eval-output", "out",
        "--gate", "t_words:exact_match,strict>=0.05", "--gate", "t_words:bleu,none>=1",
    )  # fmt: skip
    assert result.ret == 11
    result.stdout.fnmatch_lines(["*bleu,none>=1: *measured*", "*exact_match,strict>=0.05 holds*"])
    assert summary["benchmarks"]["served"]["pass@1"]["value"] == 1.0
    assert summary["lm_eval"]["aibench"]["complete"] is True
    (written,) = (pytester.path / "out").rglob("results_*.json")
    shown = json.loads(written.read_text())
    assert set(shown["results"]) == {"served", "t_words"}
    assert shown["n-shot"] == {"served": 0, "t_words": 2}
    imported = [path.read_text() for path in pytester.path.glob("imported-*")]
    assert imported == ["set()", "set()"]
    assert (pytester.path / "reports").read_text().split() == ["call"] * 12


def test_documents_of_a_worker_that_dies_are_asked_again(
    pytester: pytest.Pytester, tasks: Path, server: ScoringStandIn
) -> None:
    pytester.makeconftest("""
        import os, pathlib, signal, pytest

        @pytest.fixture(autouse=True)
        def _die_once(request):
            flag = pathlib.Path("died")
            if "t_words-doc7" in request.node.name and not flag.exists():
                flag.touch()
                os.kill(os.getpid(), signal.SIGKILL)
    """)
    result, summary = run(
        pytester, tasks, "--model", "openai/m", "--lm-eval-tasks", "t_words", "-n2", *SEED
    )
    assert result.ret == 0, result.stdout.str()
    assert scores(summary) == evaluated(tasks, ("t_words",), "openai/m", seed=7)


def test_a_run_that_was_killed_goes_on_where_it_was(
    pytester: pytest.Pytester, tasks: Path, server: ScoringStandIn
) -> None:
    asked = ("--model", BOS_MODEL, "--lm-eval-tasks", "t_words,t_last", *SEED)
    pytester.makeconftest("""
        import os, pathlib, signal

        def pytest_runtest_logreport(report):
            flag = pathlib.Path("killed")
            if "t_last-doc5" in report.nodeid and not flag.exists():
                flag.touch()
                os.kill(os.getpid(), signal.SIGKILL)
    """)
    result, nothing = run(pytester, tasks, *asked)
    assert (result.ret, nothing) == (-9, {})
    before = len(server.posts("/v1/completions"))
    result, summary = run(pytester, tasks, *asked, "-n2")
    assert result.ret == 0, result.stdout.str()
    again = [body for body in server.posts("/v1/completions")[before:] if _is_asked(body)]
    once = [body for body in server.posts("/v1/completions")[:before] if _is_asked(body)]
    # What was in flight when the process died is asked again, and nothing else.
    assert len(once) + len(again) <= 24 + 8
    assert len(again) <= 6 + 8
    assert scores(summary) == evaluated(tasks, ("t_words", "t_last"), BOS_MODEL, seed=7)


def _is_asked(body: dict[str, Any]) -> bool:
    """Whether a document asks for it, and not our probe of the server."""
    return str(body["prompt"]).startswith(("Q: ", "What is"))


def test_wrong_log_probabilities_are_refused_before_anything_runs(
    pytester: pytest.Pytester, tasks: Path, server: ScoringStandIn
) -> None:
    server.fault = "shifted"
    result, summary = run(
        pytester, tasks, "--model", "openai/m", "--lm-eval-tasks", "t_choice,t_words"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert summary == {}
    said = "ERROR: *t_choice*log-probabilities*it echoes * but gave *Choose a server*"
    result.stderr.fnmatch_lines([said])


def test_documents_without_a_beginning_are_refused_with_the_remedy(
    pytester: pytest.Pytester, tasks: Path, server: ScoringStandIn
) -> None:
    asked = ("--model", "openai/m", "--lm-eval-tasks", "t_last,t_rolling")
    result, _ = run(pytester, tasks, *asked)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --lm-eval-tasks t_rolling: *first token*bos=<s>*"])


def test_published_questions_get_simple_evaluates_scores(
    pytester: pytest.Pytester, server: ScoringStandIn
) -> None:
    rows = data_rows("mcq/mmlu_dev_cot.jsonl.gz")[:60]
    folder = pytester.mkdir("mcq")
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "mcq.yaml").write_text(MCQ.replace("DATA", str(folder / "rows.jsonl")))
    result, summary = run(pytester, folder, "--model", "openai/m", "--lm-eval-tasks", "mcq", "-n2")
    assert result.ret == 0, result.stdout.str()
    assert scores(summary) == evaluated(folder, ("mcq",), "openai/m")


def test_gsm8k_with_published_solutions_gets_the_published_accuracy(
    pytester: pytest.Pytester,
) -> None:
    rows = data_rows("gsm8k/gsm8k_test_200.jsonl.gz")
    folder = pytester.mkdir("gsm")
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "gsm8k_local.yaml").write_text(GSM8K.replace("DATA", str(folder / "rows.jsonl")))
    published = [
        row
        for row in data_rows("gsm8k/gsm8k_model_solutions_200.jsonl.gz")
        if row["model"] == "175b_verification"
    ]
    replies = [
        {"task_id": f"gsm8k_local-doc{row['idx']}", "completion": " " + row["solution"]}
        for row in published
    ]
    (pytester.path / "replies.jsonl").write_text("\n".join(json.dumps(r) for r in replies))
    result, summary = run(
        pytester, folder, "--model", "replay/replies.jsonl", "--lm-eval-tasks", "gsm8k_local",
        "-n2", "--gate", "gsm8k_local:exact_match,published>=0.5",
    )  # fmt: skip
    assert result.ret == 0, result.stdout.str()
    result.assert_outcomes(passed=200)
    found = summary["lm_eval"]["results"]["gsm8k_local"]["exact_match,published"]
    assert found == sum(row["is_correct"] for row in published) / 200
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(pytester.path)
        expected = evaluated(folder, ("gsm8k_local",), "replay/replies.jsonl")
    assert scores(summary) == expected


SAMPLES = """
import pytest_aibench as aibench

PROBLEMS = [aibench.Problem(id=f"P/{i}", prompt="x", entry_point="f", test="") for i in range(3)]


@aibench.benchmark("served", problems=PROBLEMS)
def test_served(sample):
    assert sample.reply.text
"""

MCQ = """\
task: mcq
dataset_path: json
dataset_kwargs: {data_files: {test: "DATA"}}
test_split: test
output_type: multiple_choice
doc_to_text: "{{question}}\\nAnswer:"
doc_to_choice: "{{choices}}"
doc_to_target: answer_index
metric_list:
  - {metric: acc, aggregation: mean, higher_is_better: true}
  - {metric: acc_norm, aggregation: mean, higher_is_better: true}
"""

GSM8K = """\
task: gsm8k_local
dataset_path: json
dataset_kwargs: {data_files: {test: "DATA"}}
test_split: test
fewshot_split: test
num_fewshot: 2
output_type: generate_until
doc_to_text: "Question: {{question}}\\nAnswer:"
doc_to_target: "{{answer}}"
generation_kwargs: {until: ["Question:"], do_sample: false, temperature: 0.0}
filter_list:
  - name: published
    filter:
      - {function: regex, regex_pattern: "A: (\\\\-?[0-9\\\\.\\\\,]+)"}
      - {function: take_first}
metric_list:
  - metric: exact_match
    aggregation: mean
    higher_is_better: true
    ignore_case: true
    ignore_punctuation: false
    regexes_to_ignore: [",", "\\\\$", "(?s).*#### ", "\\\\.$"]
metadata: {version: 3.0}
"""
