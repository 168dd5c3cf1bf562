from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.errors import DataError
from pytest_aibench.report.journal import JournalWriter, merge_journals, read_journal


def row(problem: str, sample: int, kind: str | None = "passed", **more: Any) -> dict[str, Any]:
    return {"benchmark": "b", "problem": problem, "sample": sample, "kind": kind, **more}


def write(path: Path, *rows: dict[str, Any]) -> Path:
    with JournalWriter(path) as journal:
        for each in rows:
            journal.write(each)
    return path


def keys(path: Path) -> list[tuple[str, int]]:
    return [(record["problem"], record["sample"]) for record in read_journal(path)]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "new" / "a.jsonl", row("p", 0, reply="a\nb"), row("p", 1, None))
    first, second = read_journal(path)
    assert (first["reply"], first["at"] > 1e9) == ("a\nb", True)
    assert second["kind"] is None


def test_the_header_names_the_schema(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", row("p", 0))
    header = json.loads(path.read_text().splitlines()[0])
    assert header == {"schema_version": "1.0", "format": "aibench-samples"}


def test_opened_again_it_goes_on(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", row("p", 0))
    write(path, row("p", 1))
    assert keys(path) == [("p", 0), ("p", 1)]


@given(st.integers(min_value=0, max_value=200))
def test_a_torn_end_loses_only_the_torn_line(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("torn") / "a.jsonl"
    write(path, row("p", 0), row("p", 1))
    whole = path.read_bytes()
    path.write_bytes(whole[: max(len(whole) - cut, 0)])
    left = keys(path)
    assert left == [("p", 0), ("p", 1)][: len(left)]
    write(path, row("p", 2))
    assert keys(path) == [*left, ("p", 2)]


def test_a_killed_process_loses_nothing_it_wrote(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path\n"
        "from pytest_aibench.report.journal import JournalWriter\n"
        "journal = JournalWriter(Path(sys.argv[1]))\n"
        "for i in range(50):\n"
        "    journal.write({'benchmark': 'b', 'problem': 'p', 'sample': i})\n"
        "print('written', flush=True); time.sleep(60)\n"
    )
    path = tmp_path / "a.jsonl"
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        os.kill(process.pid, signal.SIGKILL)
    assert keys(path) == [("p", i) for i in range(50)]


def test_damage_in_the_middle_is_refused_with_its_place(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", row("p", 0), row("p", 1))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b'{"half": \n' + lines[2])
    with pytest.raises(DataError, match=r"a\.jsonl:2: not a line of JSON"):
        keys(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[]\n", "not a JSON object"),
        ('{"task_id": "x"}\n', "not a file of samples"),
        ('{"schema_version": "2.0", "format": "aibench-samples"}\n', "has schema 2.0"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "a.jsonl").write_text(content)
    with pytest.raises(DataError, match=reason):
        keys(tmp_path / "a.jsonl")


def test_nothing_a_model_prints_breaks_a_line(tmp_path: Path) -> None:
    wild = "\ud800 \x00 \u2028 \x85 \r\n"
    path = write(tmp_path / "a.jsonl", row("p", 0, reply=wild, cost=float("nan")))
    assert path.read_bytes().count(b"\n") == 2
    (record,) = read_journal(path)
    assert record["reply"] == wild.replace("\ud800", "\\ud800")
    assert record["cost"] == "nan"


def test_merging_orders_by_declaration_then_sample(tmp_path: Path) -> None:
    one = write(tmp_path / "1.jsonl", row("z", 2), row("a", 10), row("new", 0))
    two = write(tmp_path / "2.jsonl", row("a", 9), row("z", 0))
    out = tmp_path / "out.jsonl"
    assert merge_journals([one, two], [("b", "z"), ("b", "a")], out) == 5
    assert keys(out) == [("z", 0), ("z", 2), ("a", 9), ("a", 10), ("new", 0)]


def test_the_order_of_the_journals_does_not_matter(tmp_path: Path) -> None:
    parts = [write(tmp_path / f"{i}.jsonl", row("p", i), row("q", i)) for i in range(3)]
    order = [("b", "p"), ("b", "q")]
    merge_journals(parts, order, tmp_path / "x")
    merge_journals(parts[::-1], order, tmp_path / "y")
    assert (tmp_path / "x").read_bytes() == (tmp_path / "y").read_bytes()


def test_a_measured_record_replaces_an_error_and_a_later_one_an_earlier(tmp_path: Path) -> None:
    one = write(tmp_path / "1.jsonl", row("p", 0, "timeout"), row("p", 1, "passed"))
    two = write(tmp_path / "2.jsonl", row("p", 1, None))
    with JournalWriter(two) as journal:
        journal.write(row("p", 0, "passed"))
    text = two.read_text().replace('"at": ', '"at": 9')
    two.write_text(text)
    merge_journals([two, one], [], tmp_path / "out")
    assert [record["kind"] for record in read_journal(tmp_path / "out")] == ["passed", "passed"]


def test_a_record_without_a_key_is_refused_and_the_old_file_kept(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old")
    bad = write(tmp_path / "1.jsonl", {"benchmark": "b", "problem": "p"})
    with pytest.raises(DataError, match="'sample'"):
        merge_journals([bad], [], out)
    assert out.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["1.jsonl", "out.jsonl"]


def test_a_journal_that_never_got_its_header_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    assert merge_journals([tmp_path / "a.jsonl"], [], tmp_path / "out") == 0
    assert keys(tmp_path / "out") == []


def test_merging_holds_places_and_not_records(tmp_path: Path) -> None:
    bulk = "x" * 10_000
    path = write(
        tmp_path / "a.jsonl", *(row(f"p{i % 10}", i // 10, reply=bulk) for i in range(2000))
    )
    tracemalloc.start()
    merge_journals([path], [], tmp_path / "out")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000 < path.stat().st_size
