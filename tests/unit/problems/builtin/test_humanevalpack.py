from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_aibench.problems import DataAbsent, Dataset, DataSource, get_benchmark
from pytest_aibench.problems.builtin import humanevalpack

SHORTS = ("python", "cpp", "java", "js")


@pytest.fixture(params=SHORTS)
def short(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def source(data_dir: Path, tmp_path: Path) -> DataSource:
    return DataSource(data_dir, tmp_path, allow_download=False)


def load(task: str, short: str, source: DataSource) -> Dataset:
    return get_benchmark(f"humanevalpack-{task}-{short}").load(source)


def test_even_rows_are_used_where_only_they_are(short: str, source: DataSource) -> None:
    dataset = load("synthesize", short, source)
    numbers = [int(problem.id.rpartition("/")[2]) for problem in dataset.problems]
    assert numbers == list(range(0, 164, 2))
    assert dataset.source.endswith("humanevalpack.jsonl (even-numbered rows only)")
    assert dataset.digest == humanevalpack.EVEN_HASHES[short]


def test_published_file_comes_first(
    tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    even = load("fix", "js", DataSource(data_dir, tmp_path, allow_download=False))
    row = {
        "task_id": "JavaScript/1",
        "prompt": "",
        "declaration": "const f = () => {\n",
        "test": "f()",
        "canonical_solution": "}",
        "buggy_solution": "",
        "bug_type": "x",
        "entry_point": "f",
    }
    content = json.dumps(row).encode()
    digest = hashlib.sha256(content).hexdigest()
    file = replace(humanevalpack.FILES["js"], sha256=digest)
    monkeypatch.setitem(humanevalpack.FILES, "js", file)
    (tmp_path / "humanevalpack").mkdir()
    (tmp_path / file.path).write_bytes(content)
    dataset = load("fix", "js", DataSource(data_dir, tmp_path, allow_download=False))
    assert [problem.id for problem in dataset.problems] == ["JavaScript/1"]
    assert dataset.digest == digest != even.digest


def test_absent_data_name_the_published_file(tmp_path: Path) -> None:
    with pytest.raises(DataAbsent, match=r"octopack/.*/java/data/humanevalpack\.jsonl"):
        load("fix", "java", DataSource(tmp_path, tmp_path, allow_download=False))


def test_synthesize_asks_with_docs_and_fix_with_the_buggy_code_and_tests(
    short: str, source: DataSource
) -> None:
    written, fixed = load("synthesize", short, source), load("fix", short, source)
    for write, fix in zip(written.problems, fixed.problems, strict=True):
        assert write.context == ""
        assert write.test == fix.test
        assert write.canonical_solution == fix.canonical_solution
        (buggy,) = fix.wrong_solutions
        code = f"{fix.prompt}{buggy}\n{fix.test}\n".lstrip()
        assert fix.context.startswith(code + "Fix bugs in ")
        assert fix.context.endswith(".\n\n")


def test_program_of_a_solution_is_the_references(short: str, source: DataSource) -> None:
    benchmark = get_benchmark(f"humanevalpack-synthesize-{short}")
    for problem in benchmark.load(source).problems:
        for text in (problem.canonical_solution or "", *problem.wrong_solutions):
            solution, tests = benchmark.compose(problem, text, False)
            assert solution == problem.prompt + text
            assert tests.lstrip("\n") == problem.test.lstrip("\n")


def test_rules_are_those_of_the_bigcode_harness() -> None:
    for task in ("synthesize", "fix"):
        cpp = get_benchmark(f"humanevalpack-{task}-cpp").rules
        assert cpp.preamble.startswith("using namespace std;\n")
        assert "#include<boost/any.hpp>\n" in cpp.preamble
        assert (cpp.std, cpp.compile_flags) == ("c++11", ("-lcrypto", "-lssl"))
        assert get_benchmark(f"humanevalpack-{task}-js").rules.silent_pass
