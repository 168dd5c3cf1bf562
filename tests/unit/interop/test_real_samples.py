"""CodeGen's 3,280 samples of HumanEval, through every harness's format and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_aibench.interop.formats import detect_format
from pytest_aibench.interop.samples import FileSample, whole_program
from pytest_aibench.interop.sources import load_dataset
from tests.data import data_rows
from tests.unit.interop.test_round_trips import call


@pytest.fixture
def rows(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AIBENCH_DATA", str(data_dir))
    path = tmp_path / "samples.jsonl"
    source = data_dir / "generations/codegen16b_humaneval_20.jsonl.gz"
    assert call("import", source, "-o", path, "--benchmark", "humaneval") == 0
    return path


@pytest.mark.parametrize(
    ("format_", "name"),
    [
        ("human-eval", "s.jsonl.gz"),
        ("bigcode", "generations.json"),
        ("evalplus", "s.jsonl"),
        ("lm-eval", "samples_humaneval_2025-01-01T00-00-00.jsonl"),
        ("multipl-e", "humaneval-py-codegen"),
    ],
)
def test_every_program_stays_what_it_was(rows: Path, format_: str, name: str) -> None:
    out = rows.with_name(name)
    arguments = ["--format", format_, "--benchmark", "humaneval"]
    assert call("export", rows, *arguments, "-o", out) == 0
    found = detect_format(out)
    assert found.name == format_
    problems = load_dataset("humaneval").problems
    known = {problem.id: problem for problem in problems}

    def programs(samples: list[FileSample]) -> dict[tuple[str, int], str | None]:
        return {(s.task_id, s.sample): whole_program(s, known[s.task_id]) for s in samples}

    expected: dict[tuple[str, int], str | None] = {}
    for row in data_rows("generations/codegen16b_humaneval_20.jsonl.gz"):
        task = row["task_id"]
        index = sum((task, n) in expected for n in range(20))
        expected[task, index] = known[task].prompt + row["completion"]
    assert programs(list(found.read(out, problems).samples)) == expected


def test_references_tell_the_problems_of_a_shuffled_part(rows: Path, tmp_path: Path) -> None:
    lists, texts = tmp_path / "generations.json", tmp_path / "references.json"
    for format_, path in (("bigcode", lists), ("bigcode-references", texts)):
        call("export", rows, "--format", format_, "--benchmark", "humaneval", "-o", path)
    part = slice(150, 20, -7)
    for path in (lists, texts):
        path.write_text(json.dumps(json.loads(path.read_text())[part]))
    again = tmp_path / "again.jsonl"
    named = ["--benchmark", "humaneval", "--references", texts]
    assert call("import", lists, "-o", again, *named) == 0
    _, *found = map(json.loads, again.read_text().splitlines())
    tasks = dict.fromkeys(row["task_id"] for row in found)
    assert list(tasks) == [f"HumanEval/{n}" for n in range(*part.indices(164))]
    known = {problem.id: problem for problem in load_dataset("humaneval").problems}
    assert all(row["solution"].startswith(known[row["task_id"]].prompt) for row in found)
