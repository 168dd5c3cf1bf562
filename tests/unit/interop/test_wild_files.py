"""Whatever a file holds, reading it gives samples or one sentence."""

from __future__ import annotations

import contextlib
import gzip
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_aibench.errors import UsageError
from pytest_aibench.interop.formats import FORMATS, detect_format
from pytest_aibench.interop.samples import FileSample, SampleFile
from pytest_aibench.models.base import ReplyForm
from tests.unit.interop.files import EXAMPLES, PROBLEMS, PROMPT

WORDS = """
    task_id completion solution generation reply sample passed result eval name language prompt
    tests completions results program status sample_0 raw_generations raw_scored_generations
    doc_id doc resps filtered_resps filter pass@1 benchmark extra format base_status plus_status
"""
KEYS = st.sampled_from(WORDS.split())
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=12,
)


def read(content: bytes, format_: str | None = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.json"
        path.write_bytes(content)
        with contextlib.suppress(UsageError):
            found = FORMATS[format_] if format_ else detect_format(path)
            tuple(found.read(path).samples)


@settings(deadline=None)
@given(VALUES)
def test_any_json_is_read_or_refused(value: Any) -> None:
    read(json.dumps(value).encode())


@pytest.mark.parametrize("format_", [name for name in FORMATS if name != "evalplus-folder"])
@settings(deadline=None, max_examples=40)
@given(value=VALUES)
def test_any_json_under_any_name_is_read_or_refused(format_: str, value: Any) -> None:
    read(json.dumps(value).encode(), format_)


@settings(deadline=None)
@given(st.sampled_from(EXAMPLES), st.data())
def test_a_damaged_file_is_read_or_refused(example: Any, data: st.DataObject) -> None:
    content = next(iter(example.plain().values()))
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    damaged = content[:start] + data.draw(st.binary(max_size=3)) + content[end:]
    read(damaged)
    read(damaged, example.format if example.format != "evalplus-folder" else None)


TEXTS = st.lists(
    st.lists(st.text(st.characters(), max_size=20), max_size=3), min_size=3, max_size=3
)


@pytest.mark.parametrize(
    ("format_", "name"),
    [
        ("aibench", "f.jsonl"),
        ("human-eval", "f.jsonl.gz"),
        ("evalplus", "f.jsonl"),
        ("evalplus-folder", "f"),
        ("bigcode", "f.json"),
        ("multipl-e", "f"),
        ("humaneval-x", "f.jsonl"),
        ("cruxeval", "f.json"),
    ],
)
@settings(deadline=None, max_examples=25)
@given(texts=TEXTS)
def test_any_text_survives(format_: str, name: str, texts: list[list[str]]) -> None:
    whole = format_ not in ("human-eval", "humaneval-x", "cruxeval")
    form = ReplyForm.SOLUTION if whole else ReplyForm.COMPLETION
    start = PROMPT if format_ == "multipl-e" else ""
    samples = tuple(
        FileSample(problem.id, index, start + text, form)
        for problem, found in zip(PROBLEMS, texts, strict=True)
        for index, text in enumerate(found)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        FORMATS[format_].write(SampleFile("", samples), path, PROBLEMS)
        if samples:
            again = FORMATS[format_].read(path, PROBLEMS).samples
            assert sorted(map(_essence, again)) == sorted(map(_essence, samples))


def _essence(sample: FileSample) -> tuple[str, int, str, str]:
    return sample.task_id.replace("_", "/"), sample.sample, sample.text, sample.form


def test_damaged_gzip_data_are_refused(tmp_path: Path) -> None:
    whole = gzip.compress(b'{"task_id": "a", "completion": "x"}\n' * 99)
    for content in (whole[:-9], whole[:12], whole[:20] + b"??" + whole[22:]):
        read(content)
        read(content, "human-eval")
