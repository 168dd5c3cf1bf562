"""What import and export refuse, and what they say is lost."""

from __future__ import annotations

import gzip
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from pytest_aibench.commands import export
from pytest_aibench.errors import UsageError
from pytest_aibench.interop.evalplus_results import EvalPlusResults
from pytest_aibench.interop.formats import FORMATS
from pytest_aibench.interop.samples import FileSample, SampleFile
from pytest_aibench.models.base import ReplyForm
from pytest_aibench.problems import registry
from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.errors import DataAbsent
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.registry import get_benchmark
from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.report.journal import JournalWriter
from pytest_aibench.report.jsonfile import write_json
from pytest_aibench.report.merge import samples_path
from pytest_aibench.scoring.summary import RunInfo, build_summary
from pytest_aibench.scoring.tally import Tally
from tests.unit.interop.files import BENCHMARK, PROBLEMS, PROMPT
from tests.unit.interop.test_round_trips import call

SOLUTION = "def add(a, b):\n    return 3"
Replies = list[tuple[VerdictKind | None, dict[str, str], str | None]]
REPLIES: Replies = [
    (VerdictKind.PASSED, {"form": "completion", "text": "    return 3"}, PROMPT + "    return 3"),
    (VerdictKind.TIMEOUT, {"form": "chat", "text": f"```python\n{SOLUTION}\n```"}, SOLUTION),
    (VerdictKind.NO_CODE, {"form": "chat", "text": "I cannot"}, None),
    (None, {}, None),
]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of two problems with four samples each, one of which was not measured."""
    return write_run(tmp_path / "run.json", {BENCHMARK: [p.id for p in PROBLEMS[:2]]}, REPLIES)


def write_run(path: Path, benchmarks: dict[str, list[str]], *replies: Replies) -> Path:
    """A run of benchmarks with these problems; the n-th of them has the n-th list of replies."""
    tally = Tally()
    with JournalWriter(samples_path(path)) as journal:
        for (benchmark, ids), kinds in zip(benchmarks.items(), replies, strict=True):
            tally.declare(benchmark, ids, dataset_digest="digest", planned=len(kinds))
            for id_, (sample, (kind, reply, solution)) in itertools.product(ids, enumerate(kinds)):
                record = SampleRecord(benchmark, id_, sample, kind, error="" if kind else "e")
                tally.add(record)
                full = {"reply": reply, "solution": solution} if reply else {}
                journal.write({**record.to_dict(), **full})
    info = RunInfo("r", "m", settings={"n_samples": 4, "temperature": 0.8})
    write_json(path, build_summary(tally, info, (1,)).to_dict())
    return path


def exported(run: Path, format_: str, name: str) -> Any:
    out = run.parent / name
    assert call("export", run, "--format", format_, "-o", out) == 0
    text = out.read_text()
    return [json.loads(r) for r in text.splitlines()] if ".jsonl" in name else json.loads(text)


def test_a_run_for_human_eval(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = exported(run, "human-eval-results", "s.jsonl")
    assert [(r["task_id"], r["completion"], r["result"], r["passed"]) for r in rows[:3]] == [
        ("Sums/0", "    return 3", "passed", True),
        ("Sums/0", f"\n{SOLUTION}", "timed out", False),
        ("Sums/0", "", "failed: no_code", False),
    ]
    said = capsys.readouterr().out
    assert "replies without code, written as empty ones (2 samples)" in said
    assert "not carried: 2 samples of the run that were not measured" in said
    for row in rows[:2]:
        names: dict[str, Any] = {}
        exec(PROMPT + row["completion"], names)
        assert names["add"](1, 2) == 3


def test_a_run_for_bigcode(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lists = exported(run, "bigcode", "generations.json")
    assert lists == [[PROMPT + "    return 3", SOLUTION, ""]] * 2 + [[]]
    said = capsys.readouterr().out
    assert "1 of 3 problems have no sample" in said
    assert "not carried: verdicts (6 samples)" in said


def test_a_run_for_evalplus(run: Path) -> None:
    results = exported(run, "evalplus-results", "eval_results.json")
    statuses = [row["base_status"] for row in results["eval"]["Sums/0"]]
    assert statuses == ["pass", "timeout", "fail"]
    assert results["pass_at_k"]["base"]["pass@1"] == pytest.approx(1 / 3, abs=1e-12)
    rows = exported(run, "evalplus", "s.jsonl")
    assert rows[0] == {"task_id": "Sums/0", "solution": PROMPT + "    return 3"}


def test_a_run_for_multipl_e(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = PROBLEMS[0]
    head = {"name": "Sums/0", "language": "py", "temperature": 0.8, "prompt": ""}
    out = run.parent / "completions"
    assert call("export", run, "--format", "multipl-e", "-o", out) == 0
    content = json.loads(gzip.decompress((out / "Sums_0.json.gz").read_bytes()))
    completions = [PROMPT + "    return 3", SOLUTION, ""]
    rest = {"original_prompt": PROMPT, "tests": problem.test, "completions": completions}
    assert content == {**head, **rest}
    assert "replies without code, written as empty ones (2 samples)" in capsys.readouterr().out
    assert call("export", run, "--format", "multipl-e-results", "-o", out) == 0
    content = json.loads(gzip.decompress((out / "Sums_0.results.json.gz").read_bytes()))
    programs = [PROMPT + "    return 3", SOLUTION, ""]
    assert [r["program"] for r in content["results"]] == [f"{p}\n{problem.test}" for p in programs]
    assert [r["status"] for r in content["results"]] == ["OK", "Timeout", "Exception"]


def test_a_run_for_lm_eval_and_back(run: Path) -> None:
    rows = exported(run, "lm-eval", "samples_x_2025-01-01T00-00-00.jsonl")
    assert rows[1]["doc"]["task_id"] == "Sums/1"
    assert rows[1]["pass@1"] == pytest.approx(1 / 3)
    assert rows[1]["resps"][0][2] == "I cannot"
    assert rows[1]["filtered_resps"] == [[PROMPT + "    return 3", SOLUTION, ""]]


def test_scores_for_bigcode(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = exported(run, "bigcode-results", "evaluation_results.json")
    assert results[BENCHMARK]["pass@1"] == pytest.approx(1 / 3, abs=1e-12)
    assert results["config"]["temperature"] == 0.8
    capsys.readouterr()
    path = run.parent / "evaluation_results.json"
    assert call("import", path, "-o", run.parent / "x.jsonl") == 4
    assert "holds scores and no samples (interop-sums: pass@1 0.33" in capsys.readouterr().err


def test_references_give_a_part_of_the_lists_its_ids(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    references = exported(run, "bigcode-references", "references.json")
    compose = get_benchmark(BENCHMARK).compose
    assert references == [compose(p, "", True)[1] for p in PROBLEMS]
    part, lists, out = (run.parent / name for name in ("part.json", "lists.json", "out.jsonl"))
    part.write_text(json.dumps([references[2], references[0]]))
    lists.write_text('[["two"], ["zero"]]')
    arguments = ["import", lists, "-o", out, "--benchmark", BENCHMARK]
    assert call(*arguments) == 4
    assert "has 2 lists, and the benchmark 3 problems" in capsys.readouterr().err
    assert call(*arguments, "--references", part) == 0
    _, *rows = map(json.loads, out.read_text().splitlines())
    assert [(r["task_id"], r["solution"]) for r in rows] == [("Sums/2", "two"), ("Sums/0", "zero")]
    back = run.parent / "back.json"
    assert call("export", out, "--format", "bigcode", "-o", back) == 0
    assert back.read_bytes() == lists.read_bytes()
    part.write_text(json.dumps([references[1], references[1]]))
    assert call(*arguments, "--references", part) == 4
    assert "text 1 (from 0) is of no (further) problem" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ('[["a"], ["b"], ["c"]]', [], "say whose problems they are of with --benchmark NAME"),
        ('{"task_id": "X/0", "completion": ""}\n', ["--benchmark", BENCHMARK], "X/0 is no problem"),
        ('{"task_id": "X/0"}\n', ["--format", "human-eval"], '"completion" is missing'),
        ('{"task_id": "X/0"}\n', ["--format", "humaneval"], "did you mean 'human-eval'?"),
        ('{"task_id": "X/0"}\n', [], "is in no format that is known"),
        ("{}", ["--format", "evalplus-results"], '"eval" is missing'),
        ('{"task_id": "a", "completion": ""}\nx', [], ":2: not JSON"),
        ('{"eval": {"a": [1]}}', [], "sample 0 of a"),
        ("[1]", ["--format", "cruxeval"], "expected a JSON object"),
        ("[1]", ["--format", "multipl-e"], "expected a JSON object"),
        ('[["a"]]', ["--references", "r"], "--references needs --benchmark"),
    ],
)
def test_what_import_refuses(
    content: str,
    options: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "file"
    path.write_text(content)
    assert call("import", path, "-o", tmp_path / "out.jsonl", *options) == 4
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()


def test_from_one_harness_to_another_names_what_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, rows, out = (tmp_path / name for name in ("s.jsonl", "r.jsonl", "o.jsonl"))
    row = '{"task_id": "Sums/0", "completion": "    return 3", "model": "m"'
    source.write_text(row + "}\n")
    assert call("import", source, "-o", rows) == 0
    for format_ in ("evalplus", "bigcode", "lm-eval", "cruxeval", "multipl-e"):
        arguments = ["--format", format_, "--benchmark", BENCHMARK]
        assert call("export", rows, *arguments, "-o", out.with_name(format_)) == 0
        assert "not carried: field 'model' of human-eval (1 sample)" in capsys.readouterr().out
    solution = json.loads(out.with_name("evalplus").read_text())["solution"]
    assert solution == PROMPT + "    return 3"
    rows.write_text(row + ', "sample": 0, "finish_reason": "length"}\n')
    assert call("export", rows, "--format", "human-eval", "-o", out) == 0
    assert "not carried: that the reply ended by length (1 sample)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "format_",
    ["human-eval-results", "evalplus-results", "humaneval-x-results", "multipl-e-results",
     "cruxeval-results"],
)  # fmt: skip
def test_verdicts_are_never_made_up(
    format_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, out = tmp_path / "r.jsonl", tmp_path / "o.jsonl"
    row = {"task_id": "Sums/0", "completion": "    return 3", "sample": 0}
    rows.write_text(json.dumps(row) + "\n")
    arguments = ["export", rows, "--format", format_, "-o", out, "--benchmark", BENCHMARK]
    assert call(*arguments) == 4
    assert "no sample has a verdict" in capsys.readouterr().err
    assert not out.exists()
    judged = {**row, "sample": 1, "passed": True, "result": "passed"}
    rows.write_text(json.dumps(row) + "\n" + json.dumps(judged) + "\n")
    assert call(*arguments) == 0
    assert "not carried: samples without a verdict (1 sample)" in capsys.readouterr().out


@pytest.mark.parametrize("format_", ["evalplus-results", "evalplus-folder", "bigcode", "lm-eval"])
def test_no_program_is_lost_for_want_of_its_problem(
    format_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, out = tmp_path / "r.jsonl", tmp_path / "o"
    rows.write_text('{"task_id": "Sums/0", "completion": "x", "sample": 0, "passed": true}\n')
    assert call("export", rows, "--format", format_, "-o", out) == 4
    assert "--benchmark" in capsys.readouterr().err
    assert not out.exists()
    assert call("export", rows, "--format", format_, "-o", out, "--benchmark", BENCHMARK) == 0


def test_a_run_whose_data_are_not_at_hand(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise DataAbsent("the data are nowhere")

    monkeypatch.setattr(export, "load_dataset", nowhere)
    assert len(exported(run, "evalplus", "s.jsonl")) == 6
    arguments = ["export", run, "--format", "human-eval", "-o", run.parent / "h.jsonl"]
    assert call(*arguments) == 4
    assert "name the --benchmark it is of" in capsys.readouterr().err
    assert call(*arguments, "--benchmark", BENCHMARK) == 4
    assert "the data are nowhere" in capsys.readouterr().err


@pytest.mark.parametrize("task", ["..", "../../x", ".", "a\\b", "\0", "-x", ""])
@pytest.mark.parametrize("format_", ["evalplus-folder", "multipl-e"])
def test_no_id_leads_out_of_the_folder(
    task: str, format_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, out = tmp_path / "in/r.jsonl", tmp_path / "a/b/out"
    rows.parent.mkdir()
    fact = {"prompt": "", "tests": "", "file": f"{task}"}
    source = {"format": format_, "facts": {"problems": {task: fact}}}
    head = {"schema_version": "1.0", "format": "aibench-replay", "source": source}
    row = {"task_id": task, "solution": "x", "sample": 0}
    rows.write_text(json.dumps(head) + "\n" + json.dumps(row) + "\n")
    assert call("export", rows, "--format", format_, "-o", out) == 4
    assert "cannot be the name of a file" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_an_output_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "s.jsonl"
    source.write_text('{"task_id": "Sums/0", "completion": "x"}\n')
    assert call("import", source, "-o", source / "below" / "r.jsonl") == 4
    assert "Not a directory" in capsys.readouterr().err


def test_the_documentation_names_every_format() -> None:
    text = (Path(__file__).parents[3] / "docs/formats.md").read_text()
    for name in (*FORMATS, export.RESULTS, export.REFERENCES):
        assert f"| `{name}` |" in text


def test_fields_of_our_rows_that_we_have_no_word_for_are_kept(tmp_path: Path) -> None:
    rows, again = tmp_path / "r.jsonl", tmp_path / "s.jsonl"
    rows.write_text(
        '{"task_id": "a", "sample": 0, "reply": "x", "model": "m", "extra": {"b": 1}}\n'
    )
    assert call("import", rows, "-o", again) == 0
    _, row = map(json.loads, again.read_text().splitlines())
    assert row == {"task_id": "a", "sample": 0, "reply": "x", "extra": {"b": 1, "model": "m"}}


def test_a_solution_that_continues_no_prompt_is_not_made_a_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem("Sums/0", "int add(int a, int b) {", "add", "", language="cpp")
    sums = Benchmark(BENCHMARK, "Sums", lambda _: Dataset((problem,), "digest", "here"))
    monkeypatch.setitem(registry._BENCHMARKS, BENCHMARK, sums)
    rows, out = tmp_path / "r.jsonl", tmp_path / "o.jsonl"
    rows.write_text('{"task_id": "Sums/0", "solution": "auto add = 1;", "sample": 0}\n')
    arguments = ["export", rows, "--benchmark", BENCHMARK, "-o", out, "--format"]
    assert call(*arguments, "humaneval-x") == 4
    assert "does not begin with its prompt" in capsys.readouterr().err
    assert call(*arguments, "evalplus") == 0


@pytest.mark.parametrize("name", ["humaneval-plus", "mbpp-plus"])
def test_verdicts_on_base_and_plus_tests_together_are_no_statuses(
    tmp_path: Path, name: str
) -> None:
    def write(benchmark: str) -> None:
        sample = FileSample(
            "T/0", 0, SOLUTION, ReplyForm.SOLUTION, passed=False, benchmark=benchmark
        )
        file = SampleFile("aibench-run", (sample,))
        EvalPlusResults().write(file, tmp_path / "eval_results.json")

    with pytest.raises(UsageError, match=f"--benchmark {name}-base"):
        write(name)
    write(f"{name}-base")


def test_verdicts_on_base_and_on_both_become_two_statuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("humaneval-plus-base", "humaneval-plus")
    for name in names:
        sums = Benchmark(name, "Sums", lambda _: Dataset(PROBLEMS[:1], "digest", "here"))
        monkeypatch.setitem(registry._BENCHMARKS, name, sums)
    text = {"form": "solution", "text": SOLUTION}
    passed, wrong, late = VerdictKind.PASSED, VerdictKind.WRONG_ANSWER, VerdictKind.TIMEOUT
    ends = [(passed, passed), (passed, late), (wrong, wrong), (None, wrong)]
    replies: list[Replies] = [
        [(kind, text if kind else {}, SOLUTION) for kind in way] for way in zip(*ends, strict=True)
    ]
    run = write_run(tmp_path / "run.json", {name: ["Sums/0"] for name in names}, *replies)
    out = tmp_path / "eval_results.json"
    arguments = ["export", run, "--format", "evalplus-results", "-o", out, "--benchmark"]
    assert call(*arguments, "humaneval-plus") == 0
    assert "without a verdict on the base tests (1 sample)" in capsys.readouterr().out
    content = json.loads(out.read_text())
    statuses = [(r["base_status"], r["plus_status"]) for r in content["eval"]["Sums/0"]]
    assert statuses == [("pass", "pass"), ("pass", "timeout"), ("fail", "fail")]
    expected = {"base": {"pass@1": 2 / 3}, "plus": {"pass@1": 1 / 3}}
    assert content["pass_at_k"] == {
        part: pytest.approx(scores, abs=1e-12) for part, scores in expected.items()
    }
    read = EvalPlusResults().read(out).samples
    assert [(s.passed, s.result) for s in read] == [
        (True, "passed"), (False, "timeout"), (False, "base tests failed")
    ]  # fmt: skip
    assert call(*arguments, "humaneval-plus-base") == 0
    [rows] = json.loads(out.read_text())["eval"].values()
    assert [(row["base_status"], row["plus_status"]) for row in rows] == [
        ("pass", None), ("pass", None), ("fail", None)
    ]  # fmt: skip
