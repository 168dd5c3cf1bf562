"""Files of every format as a model, without an import first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_aibench.errors import DataError
from pytest_aibench.models.base import ReplyForm, Request, Sampling
from pytest_aibench.models.errors import BadRequestError, NoReplyError
from pytest_aibench.models.replay import ReplayModel
from pytest_aibench.problems.problem import Problem
from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.report.journal import JournalWriter
from tests.unit.interop.files import BENCHMARK, EXAMPLES, Example
from tests.unit.interop.test_round_trips import call, ids


def asked(task: str, sample: int, benchmark: str = "b") -> Request:
    return Request(benchmark, Problem(task, "", "f", ""), sample, "", True, Sampling())


@pytest.mark.parametrize("example", EXAMPLES, ids=ids)
def test_a_file_replays_as_its_import_does(example: Example, tmp_path: Path) -> None:
    source, rows = example.write(tmp_path / "in"), tmp_path / "samples.jsonl"
    named = ["--benchmark", BENCHMARK] if example.needs_benchmark else []
    assert call("import", source, "-o", rows, *named) == 0
    direct, imported = ReplayModel(source), ReplayModel(rows)
    _, *samples = map(json.loads, rows.read_text().splitlines())
    assert direct.identity.facts == {"format": example.format}
    for sample in samples:
        request = asked(sample["task_id"], sample["sample"], sample.get("benchmark", BENCHMARK))
        assert direct.answer(request) == imported.answer(request)
    direct.release()
    imported.release()


def test_evalplus_and_we_spell_mbpp_in_different_cases(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text('{"task_id": "Mbpp/11", "solution": "x"}\n')
    model = ReplayModel(path)
    assert model.answer(asked("MBPP/11", 0)).text == "x"
    with pytest.raises(NoReplyError, match="lacks MBPP/1,"):
        model.answer(asked("MBPP/1", 0))
    model.release()


def test_a_run_of_two_benchmarks_with_the_same_ids(tmp_path: Path) -> None:
    path = tmp_path / "r.samples.jsonl"
    with JournalWriter(path) as journal:
        for benchmark in ("fix", "synthesize"):
            record = SampleRecord(benchmark, "CPP/0", 0, VerdictKind.PASSED, truncated=True)
            reply = {"form": "chat", "text": benchmark}
            journal.write({**record.to_dict(), "reply": reply, "solution": None})
        journal.write(SampleRecord("fix", "CPP/1", 0, None, error="no server").to_dict())
    model = ReplayModel(path)
    assert model.identity.facts == {"format": "aibench-run"}
    found = model.answer(asked("CPP/0", 0, "fix"))
    assert (found.text, found.form, found.finish_reason) == ("fix", ReplyForm.CHAT, "length")
    assert model.answer(asked("CPP/0", 0, "synthesize")).text == "synthesize"
    with pytest.raises(NoReplyError, match="lacks CPP/0"):
        model.answer(asked("CPP/0", 0, "other"))
    with pytest.raises(NoReplyError, match="lacks CPP/1"):
        model.answer(asked("CPP/1", 0, "fix"))
    model.release()


def test_lists_without_ids_are_of_a_whole_data_set_or_of_none(tmp_path: Path) -> None:
    path = tmp_path / "generations.json"
    path.write_text('[["a"], ["b"]]')
    model = ReplayModel(path)
    with pytest.raises(BadRequestError, match="has 2 lists without ids, and interop-sums 3"):
        model.answer(asked("Sums/0", 0, BENCHMARK))
    with pytest.raises(BadRequestError, match="order of nothing is not known"):
        model.answer(asked("Sums/0", 0, "nothing"))
    model.release()


def test_a_file_in_no_format_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"a": 1}')
    with pytest.raises(DataError, match="in no format that is known"):
        ReplayModel(path)
