"""One small file of every format, as its harness writes it, and a benchmark that they fit."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.problem import Dataset, Problem

ODD = "    return 'ü  \ud800 \x00'\r\n"
PROMPT = 'def add(a, b):\n    """The sum."""\n'
TEST = "def check(candidate):\n    assert candidate(1, 2) == {}\n"
BENCHMARK = "interop-sums"
PROBLEMS = tuple(
    Problem(f"Sums/{n}", PROMPT, "add", TEST.format(n), canonical_solution="    return 3\n")
    for n in range(3)
)
SUMS = Benchmark(BENCHMARK, "Sums", lambda _: Dataset(PROBLEMS, "digest", "here"))


def lines(*rows: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@dataclass(frozen=True)
class Example:
    """A file of a format: where it is in a folder, and what it holds."""

    format: str
    files: dict[str, bytes]
    samples: int
    verdicts: tuple[bool | None, ...]
    needs_benchmark: bool = False

    def write(self, folder: Path) -> Path:
        """Write the files; the path that is given to import."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        top = next(iter(self.files)).split("/")[0]
        return folder / top

    def read_back(self, folder: Path) -> dict[str, bytes]:
        return {name: _plain((folder / name).read_bytes()) for name in self.files}

    def plain(self) -> dict[str, bytes]:
        return {name: _plain(content) for name, content in self.files.items()}


def _plain(content: bytes) -> bytes:
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


_REST = {"prompt": "def f(a):", "tests": "}\nassert(f(1));"}
_MULTIPL_E = {"name": "HumanEval_0_f", "language": "js", "temperature": 0.2, "top_p": 0.95,
              "max_tokens": 512, **_REST, "stop_tokens": ["\n}"]}  # fmt: skip
_RESULTS = [
    {"program": f"def f(a): return {n}\n{_REST['tests']}", "timestamp": 1700000000 + n,
     "stdout": "", "stderr": "x", "exit_code": n, "status": status}
    for n, status in enumerate(("OK", "Exception", "Timeout"))
]  # fmt: skip
_EVALPLUS = {
    "date": "2025-01-01 10:00",
    "hash": "0cc175b9c0f1b6a831c399e269772661",
    "eval": {
        "Mbpp/2": [
            {"task_id": "Mbpp/2", "solution": "a", "base_status": "pass", "plus_status": "fail",
             "base_fail_tests": [], "plus_fail_tests": [[[1, 2], 0.5]]},
            {"task_id": "Mbpp/2", "solution": "b", "base_status": "pass", "plus_status": "pass",
             "base_fail_tests": [], "plus_fail_tests": []},
        ],
        "Mbpp/3": [
            {"task_id": "Mbpp/3", "solution": "c", "base_status": "timeout",
             "plus_status": "timeout", "base_fail_tests": [], "plus_fail_tests": []},
        ],
    },
    "pass_at_k": {"base": {"pass@1": 0.5}, "plus": {"pass@1": 0.25}},
}  # fmt: skip
_LOG = {
    "doc_id": 0, "doc": {"task_id": "HumanEval/0", "prompt": "p"}, "target": "t",
    "arguments": {"gen_args_0": {"arg_0": "p", "arg_1": {"until": ["\n#"]}}},
    "resps": [["r0", "r1"]], "filtered_resps": [["pr0", "pr1"]], "filter": "create_test",
    "metrics": ["pass@1"], "doc_hash": "d", "prompt_hash": "e", "target_hash": "f", "pass@1": 1.0,
}  # fmt: skip
_GSM = {"doc_id": 7, "doc": {"question": "q"}, "target": "3", "arguments": {},
        "resps": [["It is 3"]], "filtered_resps": ["3"], "filter": "strict-match",
        "metrics": ["exact_match"], "exact_match": 1.0}  # fmt: skip

EXAMPLES = (
    Example(
        "human-eval",
        {"s.jsonl": lines(
            {"task_id": "Sums/1", "completion": ODD, "model": "m"},
            {"task_id": "Sums/0", "completion": ""},
            {"task_id": "Sums/1", "completion": "    return 1"},
        )},
        3, (None, None, None),
    ),
    Example(
        "human-eval-results",
        {"s.jsonl_results.jsonl": lines(
            {"task_id": "Sums/0", "completion": "a", "result": "passed", "passed": True},
            {"task_id": "Sums/1", "completion": "b", "result": "timed out", "passed": False},
            {"task_id": "Sums/1", "completion": "c", "result": "failed: ", "passed": False},
            {"task_id": "Sums/2", "completion": "d", "n": 1, "result": "failed: x",
             "passed": False},
        )},
        4, (True, False, False, False),
    ),
    Example(
        "human-eval",
        {"s.jsonl.gz": gzip.compress(lines({"task_id": "Sums/0", "completion": "x"}))},
        1, (None,),
    ),
    Example(
        "bigcode", {"generations_x.json": json.dumps([["a", ODD], [], ["b"]]).encode()},
        3, (None, None, None), needs_benchmark=True,
    ),
    Example(
        "evalplus",
        {"s.jsonl": lines(
            {"task_id": "HumanEval/0", "solution": "def f(): pass"},
            {"task_id": "HumanEval/1", "solution": "s", "completion": "both", "_identifier": "i"},
            {"task_id": "HumanEval/1", "completion": "c"},
        )},
        3, (None, None, None),
    ),
    Example(
        "evalplus-folder",
        {f"out/HumanEval_{t}/{n}.py": f"# {t} ü\r\n".encode() for t in (2, 10) for n in (0, 11)},
        4, (None,) * 4,
    ),
    Example(
        "evalplus-results", {"eval_results.json": json.dumps(_EVALPLUS).encode()},
        3, (False, True, False),
    ),
    Example(
        "evalplus-results",
        {"s_eval_results.json": json.dumps(
            {key: value for key, value in _EVALPLUS.items() if key != "pass_at_k"}
        ).encode()},
        3, (False, True, False),
    ),
    Example(
        "multipl-e",
        {f"humaneval-js-m-0.2-reworded/HumanEval_{n}_f.json.gz": gzip.compress(json.dumps(
            {**_MULTIPL_E, "name": f"HumanEval_{n}_f", "completions": [" return 1", ODD][:n]}
        ).encode()) for n in range(3)},
        3, (None, None, None),
    ),
    Example(
        "multipl-e-results",
        {"r/HumanEval_0_f.results.json": json.dumps({**_MULTIPL_E, "results": _RESULTS}).encode()},
        3, (True, False, False),
    ),
    Example(
        "humaneval-x",
        {"g.jsonl": lines(
            {"task_id": "CPP/0", "prompt": "p", "generation": "g"},
            {"task_id": "CPP/0", "prompt": "p", "generation": ODD},
        )},
        2, (None, None),
    ),
    Example(
        "humaneval-x-results",
        {"g_results.jsonl": lines(
            {"task_id": "CPP/0", "generation": "g", "completion_id": 0, "test_code": "t",
             "prompt": "p", "result": "timed out", "passed": False, "finish": -1,
             "file": "", "output": []},
            {"task_id": "CPP/1", "generation": "g", "completion_id": 0, "test_code": "t",
             "prompt": "p", "result": "passed", "passed": True, "finish": -1,
             "file": "", "output": []},
        )},
        2, (False, True),
    ),
    Example(
        "cruxeval",
        {"g.json": json.dumps({"sample_0": ["f([1])", "f([])"], "sample_10": [ODD]}).encode()},
        3, (None, None, None),
    ),
    Example(
        "cruxeval-results",
        {"s.json": json.dumps({
            "raw_generations": {"sample_0": ["a", "b"], "sample_1": ["c", "d"]},
            "raw_scored_generations": {"sample_0": [True, False], "sample_1": [True]},
            "pass_at_1": 75.0, "pass_at_5": 100.0,
        }).encode()},
        4, (True, False, None, None),
    ),
    Example(
        "lm-eval",
        {"samples_humaneval_2025-01-01T10-00-00.jsonl": lines(
            _LOG, {**_LOG, "doc_id": 1, "doc": {"task_id": 11}, "pass@1": 0.5}
        )},
        4, (True, True, None, None),
    ),
    Example(
        "lm-eval",
        {"samples_gsm8k_2025-01-01T10-00-00.jsonl": lines(
            _GSM, {**_GSM, "filter": "flexible-extract"}
        )},
        1, (None,),
    ),
)  # fmt: skip
