"""A reply in another language is told as such, in the verdict and in the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.docker.test_preflight import GOOD, problem, run

JAVASCRIPT = "function add(a, b) {\n  return a + b;\n}\n"


def test_another_language_is_a_detail_of_the_verdict(
    tmp_path: Path, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIBENCH_CACHE", str(tmp_path / "cache"))
    replies = [f"```javascript\n{JAVASCRIPT}```", f"```\n{JAVASCRIPT}```"]
    rows = [{"task_id": GOOD, "reply": reply} for reply in replies]
    (tmp_path / "problems.jsonl").write_text(json.dumps(problem(GOOD, None)))
    (tmp_path / "replies.jsonl").write_text("\n".join(map(json.dumps, rows)))
    summary, output = run(tmp_path)
    assert summary["benchmarks"]["problems"]["verdicts"] == {"no_code": 2}
    (warning,) = summary["run"]["warnings"]
    assert warning.startswith("problems: replies in javascript instead of the problem's language")
    assert warning in output
    lines = (tmp_path / "report.samples.jsonl").read_text().splitlines()
    samples = [row for row in map(json.loads, lines) if "kind" in row]
    assert [row["detail"] for row in samples] == 2 * ["the reply is in javascript, not python"]
    assert [row["facts"] for row in samples] == 2 * [{"language": "javascript"}]
