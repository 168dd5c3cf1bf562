"""Every format: imported, and exported again, it is the same file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_aibench.cli import main
from pytest_aibench.errors import DataError
from pytest_aibench.interop.formats import FORMATS, detect_format
from tests.unit.interop.files import BENCHMARK, EXAMPLES, Example

ids = [f"{n}-{example.format}" for n, example in enumerate(EXAMPLES)]


def call(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


@pytest.mark.parametrize("example", EXAMPLES, ids=ids)
def test_import_and_export_give_the_same_file(
    example: Example, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = example.write(tmp_path / "in")
    rows = tmp_path / "samples.jsonl"
    named = ["--benchmark", BENCHMARK] if example.needs_benchmark else []
    assert call("import", source, "-o", rows, *named) == 0
    assert f"format {example.format}, {example.samples} samples" in capsys.readouterr().out
    out = tmp_path / "out" / source.name
    assert call("export", rows, "--format", example.format, "-o", out) == 0
    assert "not carried" not in capsys.readouterr().out
    written = example.read_back(tmp_path / "out")
    if example.format in ("humaneval-x", "lm-eval", "multipl-e-results"):
        values = [[json.loads(r) for r in text.splitlines()] for text in written.values()]
        expected = [[json.loads(r) for r in text.splitlines()] for text in example.plain().values()]
        assert values == expected
    else:
        assert written == example.plain()


@pytest.mark.parametrize("example", EXAMPLES, ids=ids)
def test_the_verdicts_of_a_file_are_imported(example: Example, tmp_path: Path) -> None:
    source = example.write(tmp_path)
    rows = tmp_path / "samples.jsonl"
    named = ["--benchmark", BENCHMARK] if example.needs_benchmark else []
    call("import", source, "-o", rows, *named)
    _, *samples = map(json.loads, rows.read_text().splitlines())
    assert tuple(sample.get("passed") for sample in samples) == example.verdicts


@pytest.mark.parametrize("example", EXAMPLES, ids=ids)
def test_a_file_is_in_one_format_only(example: Example, tmp_path: Path) -> None:
    source = example.write(tmp_path)
    found = [name for name, format_ in FORMATS.items() if format_.detect(source)]
    assert found == [example.format]


def test_every_format_is_tried() -> None:
    assert {example.format for example in EXAMPLES} == FORMATS.keys() - {"aibench", "aibench-run"}


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b"plain", b'{"a": 1}\n', b"[1]"])
def test_what_is_in_no_format_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(DataError, match="is in no format that is known"):
        detect_format(path)
    with pytest.raises(DataError, match="no such file"):
        detect_format(tmp_path / "absent")
