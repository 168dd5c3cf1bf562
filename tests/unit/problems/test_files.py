from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_aibench.errors import DataError
from pytest_aibench.problems import DataAbsent, Problem, read_problems
from pytest_aibench.problems.files import parse_problems

ROW = {"task_id": "T/0", "prompt": "def f():\n", "entry_point": "f", "test": "def check(c): ...\n"}


def lines(*rows: Any) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def row(**changes: Any) -> dict[str, Any]:
    return {**ROW, **changes}


def test_reads_all_fields() -> None:
    full = row(
        canonical_solution="    return 1\n",
        language="javascript",
        wrong_solutions=["a", "b"],
        tags=["strings", "easy"],
        context="Fix it.",
    )
    (problem,) = parse_problems(lines(full), "x").problems
    assert problem == Problem(
        id="T/0",
        prompt="def f():\n",
        entry_point="f",
        test="def check(c): ...\n",
        canonical_solution="    return 1\n",
        language="javascript",
        wrong_solutions=("a", "b"),
        tags=("strings", "easy"),
        context="Fix it.",
    )


def test_optional_fields_have_defaults() -> None:
    (problem,) = parse_problems(lines(row(canonical_solution=None)), "x").problems
    assert problem.canonical_solution is None
    assert problem.language == "python"
    assert problem.wrong_solutions == ()


def test_keeps_the_order_and_ignores_other_keys_and_blank_lines() -> None:
    content = lines(row(task_id="b", level=3)) + b"\n  \r\n" + lines(row(task_id="a"))
    assert [problem.id for problem in parse_problems(content, "x").problems] == ["b", "a"]


@pytest.mark.parametrize(
    ("name", "packed"), [("p.jsonl", False), ("p.jsonl", True), ("p.jsonl.gz", True)]
)
def test_digest_is_that_of_the_stored_bytes(tmp_path: Path, name: str, packed: bool) -> None:
    content = gzip.compress(lines(ROW)) if packed else lines(ROW)
    path = tmp_path / name
    path.write_bytes(content)
    dataset = read_problems(path)
    assert dataset.digest == hashlib.sha256(content).hexdigest()
    assert dataset.source == str(path)
    assert dataset.problems[0].id == "T/0"


def test_a_line_separator_within_a_string_ends_no_line() -> None:
    content = json.dumps(row(prompt="a\u2028b\x85c"), ensure_ascii=False).encode()
    assert parse_problems(content, "x").problems[0].prompt == "a\u2028b\x85c"


def test_blanks_around_an_entry_point_are_removed() -> None:
    assert parse_problems(lines(row(entry_point=" f ")), "x").problems[0].entry_point == "f"


def test_byte_order_mark_and_crlf_are_accepted() -> None:
    content = b"\xef\xbb\xbf" + lines(ROW).replace(b"\n", b"\r\n")
    assert len(parse_problems(content, "x").problems) == 1


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{", "not valid JSON"),
        (b'{"task_id": "a",}', "not valid JSON"),
        (b"[1]", "expected a JSON object, got list"),
        (b"null", "expected a JSON object, got NoneType"),
        (b'{"x": "\xff"}', "not UTF-8 at byte 7"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"x": ' + b"1" * 5000 + b"}", "not valid JSON"),
        (lines({k: v for k, v in ROW.items() if k != "prompt"}), "key 'prompt' is missing"),
        (lines(row(prompt=None)), "key 'prompt' must be a string, not NoneType"),
        (lines(row(test=["assert"])), "key 'test' must be a string, not list"),
        (lines(row(task_id=7)), "key 'task_id' must be a string, not int"),
        (lines(row(canonical_solution=1)), "key 'canonical_solution' must be a string"),
        (lines(row(wrong_solutions="x")), "key 'wrong_solutions' must be a list of strings"),
        (lines(row(wrong_solutions=["x", 1])), "must be a list of strings"),
        (lines(row(language="cobol")), "unknown language 'cobol'; known: python, "),
        (lines(row(prompt="\ud800")), "key 'prompt' holds a lone surrogate"),
        (lines(row(task_id="")), "is empty"),
        (lines(row(task_id=" a")), "white space"),
        (lines(row(task_id="a\nb")), "control characters"),
        (lines(row(task_id="a\x00")), "control characters"),
        (lines(row(task_id="a\u202eb")), "control characters"),
        (lines(row(task_id="a[0]")), "breaks a pytest node id"),
        (lines(row(task_id="a]")), "breaks a pytest node id"),
        (lines(row(task_id="a::b")), "breaks a pytest node id"),
        (lines(row(task_id="a" * 201)), "longer than 200 characters"),
        (lines(row(entry_point="f()")), "entry_point 'f()' is not an identifier"),
        (lines(row(entry_point="")), "entry_point '' is not an identifier"),
        (lines(row(entry_point="class")), "entry_point 'class' is not an identifier"),
        (lines(row(task_id="first")), "task_id 'first' is not unique (line 1 has it)"),
    ],
)
def test_malformed_row_is_refused_with_file_line_and_reason(bad: bytes, reason: str) -> None:
    content = lines(row(task_id="first")) + b"\n" + bad
    with pytest.raises(DataError) as caught:
        parse_problems(content, "some/file.jsonl")
    assert str(caught.value).startswith("some/file.jsonl, line 3: ")
    assert reason in str(caught.value)
    assert not isinstance(caught.value, DataAbsent)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_empty_file_is_refused(content: bytes) -> None:
    with pytest.raises(DataError, match=r"p\.jsonl: the file holds no problems"):
        parse_problems(content, "p.jsonl")


def damaged_gzip() -> list[bytes]:
    whole = gzip.compress(lines(ROW) * 20)
    flipped = bytearray(whole)
    flipped[20] ^= 0xFF
    return [whole[:-9], bytes(flipped), whole[:3], whole[:-4] + b"\0\0\0\0"]


@pytest.mark.parametrize("content", damaged_gzip())
def test_damaged_gzip_data_are_refused(content: bytes) -> None:
    with pytest.raises(DataError, match="damaged gzip data"):
        parse_problems(content, "p.jsonl.gz")


def test_a_name_that_promises_gzip_is_held_to_it() -> None:
    with pytest.raises(DataError, match="not gzip data; rename"):
        parse_problems(lines(ROW), "p.jsonl.gz")


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_unreadable_file_is_an_error_and_no_reason_to_skip(tmp_path: Path, make: Any) -> None:
    path = tmp_path / "absent.jsonl"
    make(path)
    with pytest.raises(DataError, match="cannot read the problem file") as caught:
        read_problems(path)
    assert not isinstance(caught.value, DataAbsent)


def parsed(content: bytes) -> tuple[Problem, ...] | str:
    """The problems, or the message of the one kind of error that is allowed."""
    try:
        return parse_problems(content, "wild").problems
    except DataError as error:
        return str(error)


@settings(deadline=None)  # a busy machine is no failure
@given(st.binary(max_size=200))
def test_wild_bytes_are_problems_or_a_data_error(content: bytes) -> None:
    result = parsed(content)
    assert result
    assert not isinstance(result, str) or result.startswith("wild")


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.fixed_dictionaries(
        {key: st.text(max_size=8) | st.none() | st.integers() for key in ROW},
        optional={"language": st.text(max_size=8), "tags": st.lists(st.text(max_size=3))},
    )
)
def test_wild_rows_are_problems_or_a_data_error_of_line_1(values: dict[str, Any]) -> None:
    result = parsed(lines(values))
    if isinstance(result, str):
        assert result.startswith("wild, line 1: ")
    else:
        assert [problem.prompt for problem in result] == [values["prompt"]]


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(min_size=1, max_size=30))
def test_an_accepted_task_id_survives_in_a_node_id(task_id: str) -> None:
    result = parsed(lines(row(task_id=task_id)))
    if isinstance(result, str):
        return
    node = f"test_x.py::test_x[{result[0].id}-s000]"
    assert node.split("::") == ["test_x.py", f"test_x[{task_id}-s000]"]
    assert node.partition("[")[2] == f"{task_id}-s000]"
    assert len(node.splitlines()) == 1
