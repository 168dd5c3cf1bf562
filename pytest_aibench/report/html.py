"""The HTML page of a run: one file that needs no network and no server."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TextIO

from pytest_aibench.report.sections import sections
from pytest_aibench.report.text import kind_name
from pytest_aibench.scoring.gate import Decision
from pytest_aibench.scoring.summary import Summary

__all__ = ["write_page"]

_PROBLEM = itemgetter("benchmark", "problem")
_ONCE = ("benchmark", "problem", "at")


def write_page(
    out: Path,
    summary: Summary,
    samples: Iterable[dict[str, Any]] = (),
    decision: Decision | None = None,
) -> None:
    """Write the page, atomically.

    `samples` are the records of a journal, those of a problem one after the other; only one
    problem is held in memory. They are packed, so that 32,800 samples make a file that a browser
    opens at once, and unpacked when their problem is looked at.

    Raises:
        DataError: a sample is malformed.
        OSError: the file cannot be written.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        with draft.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            _write(file, summary, samples, decision)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _write(
    file: TextIO, summary: Summary, samples: Iterable[dict[str, Any]], decision: Decision | None
) -> None:
    style, script = _asset("page.css"), _asset("page.js")
    file.write(_head(summary, style, script))
    for section in sections(summary, decision):
        file.write(section + "\n")
    file.write(_explorer(summary))
    packed: dict[tuple[str, str], tuple[str, set[str]]] = {}
    for number, (key, rows) in enumerate(groupby(samples, key=_PROBLEM)):
        name = f"b{number}"
        block, kinds = _pack(list(rows))
        file.write(f'<script type="text/plain" id="{name}">{block}</script>\n')
        packed[key] = name, kinds
    file.write(f'<script type="application/json" id="index">{_index(summary, packed)}</script>\n')
    file.write(f"<script>{script}</script>\n</body></html>\n")


def _asset(name: str) -> str:
    return files("pytest_aibench.report").joinpath("page", name).read_text(encoding="utf-8")


def _head(summary: Summary, style: str, script: str) -> str:
    """Nothing may be loaded, and no script may run but ours: samples hold what models wrote."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(summary.run.model)} · pytest-aibench</title>\n"
        f"<style>{style}</style></head>\n<body>\n"
    )


def _explorer(summary: Summary) -> str:
    kinds = dict.fromkeys(str(kind) for b in summary.benchmarks.values() for kind in b.verdicts)
    return f"""<h2>Samples</h2>
<p class="soft"><kbd>/</kbd> find, <kbd>j</kbd> <kbd>k</kbd> next and previous problem,
<kbd>h</kbd> <kbd>l</kbd> previous and next sample</p>
<div class="controls">
<input id="find" type="search" placeholder="Find a problem" aria-label="Find a problem">
<select id="benchmark" aria-label="Benchmark"><option value="">all benchmarks</option>
{_options((name, name) for name in summary.benchmarks)}</select>
<select id="kind" aria-label="With a sample that"><option value="">any verdict</option>
{_options((kind, kind_name(kind)) for kind in kinds)}
<option value="unmeasured">not measured</option></select>
<select id="order" aria-label="Order"><option value="">as published</option>
<option value="hardest">hardest first</option>
<option value="easiest">easiest first</option></select>
</div>
<div class="explorer"><div><p id="found" class="soft" aria-live="polite"></p>
<div id="problems" role="group" aria-label="Problems"></div></div>
<section aria-label="Samples of the problem"><h3 id="title">Choose a problem</h3>
<div id="samples"></div><div id="detail"></div></section></div>
"""


def _options(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<option value="{escape(v)}">{escape(t)}</option>' for v, t in pairs)


def _pack(rows: list[dict[str, Any]]) -> tuple[str, set[str]]:
    """The samples of one problem as text for the page, and which verdict kinds they have."""
    kinds = {str(row.get("kind") or "unmeasured") for row in rows}
    content: dict[str, Any] = {}
    prompts = {json.dumps(row.get("prompt")) for row in rows}
    dropped = set(_ONCE)
    if len(prompts) == 1 and rows[0].get("prompt"):
        content["prompt"] = rows[0]["prompt"]
        dropped.add("prompt")
    content["samples"] = [{k: v for k, v in row.items() if k not in dropped} for row in rows]
    packed = gzip.compress(json.dumps(content).encode("ascii"), compresslevel=6, mtime=0)
    return base64.b64encode(packed).decode("ascii"), kinds


def _index(summary: Summary, packed: dict[tuple[str, str], tuple[str, set[str]]]) -> str:
    """One row a problem, as JSON that is safe within a script element."""
    rows = list(_index_rows(summary, packed))
    return json.dumps(rows).replace("<", "\\u003c")


def _index_rows(
    summary: Summary, packed: dict[tuple[str, str], tuple[str, set[str]]]
) -> Iterator[dict[str, Any]]:
    for name, benchmark in summary.benchmarks.items():
        for problem, (n, c) in benchmark.problems.items():
            block, kinds = packed.get((name, problem), ("", set()))
            row = {"benchmark": name, "problem": problem, "n": n, "c": c}
            yield {**row, "block": block, "kinds": sorted(kinds)}
