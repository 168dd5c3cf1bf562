"""lm-eval's scores in the reports that all benchmarks share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pytest_aibench.cli import main
from pytest_aibench.errors import DataError, UsageError
from pytest_aibench.report.html import write_page
from pytest_aibench.report.journal import JournalWriter
from pytest_aibench.report.load import load_summary
from pytest_aibench.report.markdown import summary_markdown
from pytest_aibench.report.merge import merge_shards, samples_path
from pytest_aibench.scoring.floors import parse_floor
from pytest_aibench.scoring.gate import GatePolicy, Outcome, judge
from pytest_aibench.scoring.summary import RunInfo, Summary

ROOT = Path(__file__).parents[3]
SCORES: dict[str, Any] = {
    "results": {"t": {"alias": "t", "acc,none": 0.5, "acc_stderr,none": 0.1, "f,x-y": "N/A"}},
    "groups": {"g": {"acc,none": 0.25}},
    "aibench": {"complete": True, "documents": {"t": 4}, "missing": 0},
}
SUMMARY = Summary(RunInfo("r", "m"), {}, SCORES)


def outcomes(*rules: str) -> list[tuple[str, Outcome]]:
    policy = GatePolicy(floors=tuple(map(parse_floor, rules)))
    return [(f.benchmark, f.outcome) for f in judge(SUMMARY, policy).findings]


def test_the_gate_takes_every_metric_by_its_full_name() -> None:
    assert outcomes("t:acc,none>=0.5") == [("t", Outcome.GOOD)]
    assert outcomes("g:acc,none>=50%") == [("g", Outcome.FAILED)]
    assert outcomes("acc,none>0.2") == [("t", Outcome.GOOD), ("g", Outcome.GOOD)]
    assert outcomes("t:acc_stderr,none<=5") == [("t", Outcome.GOOD)]


def test_the_gate_fails_closed() -> None:
    assert outcomes("t:f,x-y>=0") == [("t", Outcome.INVALID)]
    assert outcomes("u:acc,none>=0") == [("u", Outcome.INVALID)]
    assert outcomes("bleu,none>=0") == [("", Outcome.INVALID)]


def test_they_come_back_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(SUMMARY.to_dict()))
    assert load_summary(path) == SUMMARY
    content = SUMMARY.to_dict()
    content["lm_eval"] = {"results": {"t": 1}}
    path.write_text(json.dumps(content))
    with pytest.raises(DataError, match=r"lm_eval\.results\.t"):
        load_summary(path)


def test_they_are_in_the_markdown() -> None:
    text = summary_markdown(SUMMARY)
    assert "| t |  | acc | 0.5000 | ± 0.1000 |" in text
    assert "pass" not in text


def scored(task: str, value: float, *, hash_: str = "h", **config: Any) -> Summary:
    """A run of one task with 400 documents."""
    scores = {"alias": task, "sample_len": 400, "acc,none": value, "acc_stderr,none": 0.02}
    results = {
        "results": {task: scores},
        "higher_is_better": {task: {"acc": True}},
        "versions": {task: 1.5},
        "task_hashes": {task: hash_},
        "config": {"model": "m", "limit": None, **config},
        "date": 1.5,
        "aibench": {"complete": True, "documents": {task: 400}, "missing": 0},
    }
    return Summary(RunInfo(f"run-{task}", "m"), {}, results)


def written(path: Path, summary: Summary) -> Path:
    path.write_text(json.dumps(summary.to_dict()))
    JournalWriter(samples_path(path)).close()
    path.with_suffix(".lm-eval.jsonl").write_text(f'{{"task": "{summary.run.id}"}}\n')
    return path


@pytest.mark.parametrize(
    ("after", "options", "code", "said"),
    [
        (0.48, [], 0, "1 of 1 metrics of lm-eval undecided"),
        (0.70, [], 0, "better: acc,none 0.5 -> 0.7, p = 1.5e-12"),
        (0.30, [], 10, "worse: acc,none 0.5 -> 0.3"),
        (0.30, ["--max-drop", "0.4"], 0, "a change of 0.4 is tolerated"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_two_runs_are_compared(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    after: float,
    options: list[str],
    code: int,
    said: str,
    form: str,
) -> None:
    runs = [written(tmp_path / f"{i}.json", scored("t", v)) for i, v in enumerate((0.5, after))]
    assert main(["compare", *map(str, runs), "--format", form, *options]) == code
    text = capsys.readouterr().out.replace("\\", "").replace("&gt;", ">")
    assert said in " ".join(text.split())


def test_other_documents_are_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = written(tmp_path / "a.json", scored("t", 0.5))
    after = written(tmp_path / "b.json", scored("t", 0.5, hash_="other"))
    assert main(["compare", str(before), str(after)]) == 11
    assert "documents, prompts or targets differ" in " ".join(capsys.readouterr().out.split())
    elsewhere = written(tmp_path / "c.json", scored("u", 0.5))
    assert main(["compare", str(before), str(elsewhere)]) == 11
    assert "this run has no scores of lm-eval's t" in " ".join(capsys.readouterr().out.split())


def test_a_decision_over_them_follows_the_schema() -> None:
    schema = json.loads((ROOT / "docs" / "schema" / "summary-1.0.json").read_text())
    decision = judge(scored("t", 0.4), GatePolicy(baseline=True), scored("t", 0.5))
    content = {**scored("t", 0.4).to_dict(), "gate": decision.to_dict()}
    assert content["gate"]["metrics"][0]["answer"] == "worse"
    Draft202012Validator(schema).validate(content)


def test_they_are_in_the_page_with_their_changes(tmp_path: Path) -> None:
    after = scored("t", 0.7)
    decision = judge(after, GatePolicy(baseline=True), scored("t", 0.5))
    write_page(tmp_path / "r.html", after, (), decision)
    page = (tmp_path / "r.html").read_text()
    cells = [cell.partition("</td>")[0] for cell in page.split("<td>")]
    assert cells[1:6] == ["t", "", "acc", "0.7000", "± 0.0200"]
    assert cells[9:14] == ["0.5000", "0.7000", "0.2000", "1.5e-12", "better"]
    assert "version 1.5, hash h" in page
    assert "<h2>Scores</h2>" not in page


def test_a_baseline_keeps_what_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = written(tmp_path / "r.json", scored("t", 0.5))
    assert main(["baseline", "accept", str(run), str(tmp_path / "b.json")]) == 0
    assert "acc     0.5000" in capsys.readouterr().out
    kept = load_summary(tmp_path / "b.json").lm_eval
    assert kept == {k: v for k, v in scored("t", 0.5).lm_eval.items() if k != "date"}


def test_different_tasks_of_several_shards_become_one_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shards = [written(tmp_path / f"{t}.json", scored(t, 0.5)) for t in ("u", "t")]
    out = tmp_path / "out.json"
    assert main(["merge", *map(str, shards), "-o", str(out)]) == 0
    merged = load_summary(out).lm_eval
    assert list(merged["results"]) == ["t", "u"]
    assert merged["task_hashes"] == {"t": "h", "u": "h"}
    assert merged["aibench"] == {"complete": True, "documents": {"t": 400, "u": 400}, "missing": 0}
    assert merge_shards(shards[::-1], tmp_path / "s.jsonl").lm_eval == merged
    documents = (tmp_path / "out.lm-eval.jsonl").read_text().splitlines()
    assert [json.loads(line)["task"] for line in documents] == ["run-t", "run-u"]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (scored("t", 0.4), r"both have scores of lm-eval's t.*asked again"),
        (scored("u", 0.4, limit=5), r"different settings of lm-eval"),
        (
            Summary(RunInfo("r", "m", incomplete=("part",)), {}, {"aibench": {"complete": False}}),
            r"has a part of the documents.*asked again",
        ),
    ],
    ids=["same task", "other settings", "part of a task"],
)
def test_what_cannot_be_merged_exactly_is_refused(
    tmp_path: Path, other: Summary, reason: str
) -> None:
    paths = [written(tmp_path / "a.json", scored("t", 0.5)), written(tmp_path / "b.json", other)]
    with pytest.raises(UsageError, match=reason):
        merge_shards(paths, tmp_path / "samples.jsonl")
