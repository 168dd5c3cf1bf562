"""Data that only the user can give: a folder run skips what is absent, a named file says where."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(autouse=True)
def no_data(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIBENCH_DATA", raising=False)
    monkeypatch.setenv("AIBENCH_CACHE", str(pytester.path / "cache"))
    for name in ("test_apps.py", "test_ds1000.py"):
        shutil.copy(FOLDER / name, pytester.path / name)


def test_a_run_of_the_folder_skips_with_the_reason(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess(".", "--model", "reference", "-rs")
    result.assert_outcomes(skipped=12)
    result.stdout.fnmatch_lines(["*apps/test.jsonl is not available: it is never downloaded*"])


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("test_apps.py", "codeparrot/apps/resolve/main/test.jsonl"),
        ("test_ds1000.py", "HKUNLP/DS-1000/49c1c543ada8b58138181333cdc62e613204efcf"),
    ],
)
def test_a_named_file_says_what_to_put_where(
    pytester: pytest.Pytester, file: str, address: str
) -> None:
    result = pytester.runpytest_subprocess(file, "--model", "reference")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines([f"*{address}*AIBENCH_DATA*"])
