from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pytest_aibench.errors import DataError
from pytest_aibench.models.base import ReplyForm, Request, Sampling
from pytest_aibench.models.errors import NoReplyError
from pytest_aibench.models.replay import ReplayModel, open_model
from pytest_aibench.models.spec import parse_spec
from pytest_aibench.problems.problem import Problem


def asked(task: str, sample: int) -> Request:
    return Request("b", Problem(task, "", "f", ""), sample, "", True, Sampling())


def written(path: Path, *rows: object) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["s.jsonl", "s.jsonl.gz"])
def test_the_ith_row_of_a_task_is_sample_i(tmp_path: Path, name: str) -> None:
    path = written(
        tmp_path / name,
        {"task_id": "a", "completion": "a0 ü"},
        {"task_id": "b", "solution": "b0"},
        {"task_id": "a", "reply": "a1", "finish_reason": "length"},
    )
    model = ReplayModel(path)
    replies = [model.answer(asked(*key)) for key in (("a", 1), ("b", 0), ("a", 0))]
    model.release()
    assert [(r.text, r.form) for r in replies] == [
        ("a1", ReplyForm.CHAT),
        ("b0", ReplyForm.SOLUTION),
        ("a0 ü", ReplyForm.COMPLETION),
    ]
    assert replies[0].finish_reason == "length"


def test_an_explicit_sample_index_wins(tmp_path: Path) -> None:
    rows = [{"task_id": "a", "completion": str(i), "sample": i} for i in (2, 0)]
    model = ReplayModel(written(tmp_path / "s.jsonl", *rows))
    assert model.answer(asked("a", 2)).text == "2"
    assert model.answer(asked("a", 0)).text == "0"
    with pytest.raises(NoReplyError, match="has 2 samples of a, sample 1 was asked"):
        model.answer(asked("a", 1))
    model.release()


def test_a_sample_or_task_that_is_absent_fails_alone(tmp_path: Path) -> None:
    model = ReplayModel(written(tmp_path / "s.jsonl", {"task_id": "a", "completion": ""}))
    with pytest.raises(NoReplyError, match=r"s\.jsonl has 1 sample of a, sample 1 was") as caught:
        model.answer(asked("a", 1))
    assert not caught.value.fatal
    with pytest.raises(NoReplyError, match=r"s\.jsonl lacks b, sample 0 was asked"):
        model.answer(asked("b", 0))
    model.release()


def test_the_digest_is_of_the_rows_packed_or_not(tmp_path: Path) -> None:
    row = {"task_id": "a", "completion": "x"}
    models = [ReplayModel(written(tmp_path / name, row)) for name in ("s.jsonl", "s.jsonl.gz")]
    digests = {model.identity.digest for model in models}
    for model in models:
        model.release()
    assert len(digests) == 1
    assert digests.pop().startswith("sha256:")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[1]", "expected a JSON object, got list"),
        ('{"completion": "x"}', '"task_id" is missing'),
        ('{"task_id": 1, "completion": "x"}', '"task_id" is missing or not a text'),
        ('{"task_id": "a"}', "found none of them"),
        ('{"task_id": "a", "completion": "", "reply": ""}', 'found "completion" and "reply"'),
        ('{"task_id": "a", "completion": 1}', '"completion" is not a text'),
        ('{"task_id": "a", "completion": "", "sample": -1}', '"sample" must be'),
        ('{"task_id": "a", "completion": "", "sample": true}', '"sample" must be'),
        ('{"task_id": "a", "completion": "", "sample": 10000000}', '"sample" must be'),
        ('{"task_id": "a", "completion": "", "sample": 0}', "sample 0 of a is in the file twice"),
        ('{"task_id": "a", "reply": "", "finish_reason": "eos"}', '"finish_reason" must be'),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_malformed_row_is_refused_with_file_and_line(
    tmp_path: Path, line: str, reason: str
) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text('{"task_id": "a", "completion": "x"}\n\n' + line + "\n")
    with pytest.raises(DataError) as caught:
        ReplayModel(path)
    assert f"{path}:3: " in str(caught.value)
    assert reason in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        open_model(parse_spec(f"replay/{tmp_path}/absent.jsonl"))
    (tmp_path / "bad.jsonl.gz").write_bytes(b"plain")
    with pytest.raises(DataError, match="Not a gzipped file"):
        ReplayModel(tmp_path / "bad.jsonl.gz")
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(b"{}" * 1000)[:-20])
    with pytest.raises(DataError, match="cannot read the file"):
        ReplayModel(tmp_path / "cut.jsonl.gz")
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(DataError, match="has no rows"):
        ReplayModel(tmp_path / "empty.jsonl")


def test_memory_holds_offsets_not_texts(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "large.jsonl"
    text = "x" * 1000
    with path.open("w") as file:
        for i in range(10_000):
            row = {"task_id": f"t{i % 100}", "completion": text}
            file.write(json.dumps(row) + "\n")
    tracemalloc.start()
    model = ReplayModel(path)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    model.release()
    assert kept < 40 * 10_000
