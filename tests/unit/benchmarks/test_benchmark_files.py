"""The files that users run and copy are as short as the documentation says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_aibench.problems import benchmark_names, get_benchmark

FOLDER = Path(__file__).parents[3] / "benchmarks"
# What lm-eval and BigCode's harness bring is known when they are asked for: nothing here is of
# this form.
OTHERS = {FOLDER / "test_lm_eval.py", FOLDER / "test_bigcode.py"}
FILES = sorted(set(FOLDER.glob("test_*.py")) - OTHERS)
FUNCTION = re.compile(
    r'@aibench\.benchmark\("(?P<name>[\w-]+)"\)\n'
    r"def test_(?P<function>\w+)\(sample, sandbox\):\n"
    r"    sandbox\.check\(sample\)\n"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_is_a_title_an_import_and_three_lines_a_benchmark(path: Path) -> None:
    title, _, rest = path.read_text().partition("\n\nimport pytest_aibench as aibench\n\n\n")
    assert re.fullmatch(r'""".+"""', title)
    for function in rest.split("\n\n\n"):
        match = FUNCTION.fullmatch(function.rstrip("\n") + "\n")
        assert match
        assert get_benchmark(match["name"]).name == match["name"]
        assert match["function"] == match["name"].replace("-", "_")


def test_every_benchmark_has_its_function() -> None:
    declared = [match["name"] for path in FILES for match in FUNCTION.finditer(path.read_text())]
    assert sorted(declared) == sorted(benchmark_names())


def test_folder_run_takes_python_only_and_a_named_file_is_always_taken(
    pytester: pytest.Pytester,
) -> None:
    for path in (*FILES, FOLDER / "conftest.py"):
        kept = path.read_text() if path.name == "conftest.py" else "def test_it(): pass"
        (pytester.path / path.name).write_text(kept)
    everything = pytester.runpytest_inprocess("--collect-only", "-q", ".").outlines
    assert "test_basics.py::test_it" in everything
    assert not [line for line in everything if "languages" in line or "multipl_e" in line]
    named = pytester.runpytest_inprocess("--collect-only", "-q", "test_multipl_e.py").outlines
    assert "test_multipl_e.py::test_it" in named
