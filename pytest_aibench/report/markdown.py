"""A run as Markdown: step summaries of CI, comments on pull requests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pytest_aibench.report.decision import TITLES
from pytest_aibench.report.lm_eval_tables import (
    CHANGE_HEADER,
    HEADER,
    change_rows,
    score_rows,
)
from pytest_aibench.report.text import count, duration, interval, kind_name, percent, plural
from pytest_aibench.scoring.compare import Comparison, Flip
from pytest_aibench.scoring.gate import Decision, Outcome
from pytest_aibench.scoring.summary import BenchmarkSummary, Summary

__all__ = ["summary_markdown"]

MARKS = {
    Outcome.GOOD: "✅",
    Outcome.FAILED: "❌",
    Outcome.INVALID: "⚠️",
    Outcome.BUDGET: "⚠️",
}
FLIPS_SHOWN = 50


def summary_markdown(summary: Summary, decision: Decision | None = None) -> str:
    """Scores, verdicts and, where there is one, the decision, in GitHub's Markdown."""
    lines = [f"## {_heading(summary, decision)}", ""]
    if summary.benchmarks or not summary.lm_eval:
        lines += [*_scores(summary), ""]
    if summary.lm_eval:
        lines += [*_cells(HEADER, score_rows(summary.lm_eval)), ""]
    if not summary.complete:
        lines += ["**Incomplete:** " + "; ".join(map(escape, summary.incomplete)), ""]
    lines += [f"- ⚠️ {escape(warning)}\n" for warning in summary.run.warnings]
    if decision is not None and decision.findings:
        lines += [*_findings(decision), ""]
        for name, comparison in decision.comparisons.items():
            lines += _flips(name, comparison)
        if decision.metrics:
            lines += [*_cells(CHANGE_HEADER, change_rows(decision.metrics)), ""]
    if summary.benchmarks or not summary.lm_eval:
        lines += [*_verdicts(summary), ""]
    lines += [_footer(summary), ""]
    return "\n".join(lines)


def escape(text: str) -> str:
    """`text` as one line that Markdown and HTML leave as it is."""
    line = re.sub(r"[\x00-\x1f\x7f]", "\ufffd", " ".join(text.split()))
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|#~@])", r"\\\1", line)


def _heading(summary: Summary, decision: Decision | None) -> str:
    model = escape(summary.run.model)
    if decision is None or not decision.findings:
        return model
    return f"{MARKS[decision.outcome]} {model}: {TITLES[decision.outcome]}"


def _table(header: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'|'.join([' :-- '] + [' --: '] * (len(header) - 1))}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _scores(summary: Summary) -> Iterator[str]:
    ks = sorted({k for b in summary.benchmarks.values() for k in b.scores})
    header = ["benchmark", "problems", "samples", *(f"pass@{k}" for k in ks)]
    return _table(header, (_score_row(n, b, ks) for n, b in summary.benchmarks.items()))


def _cells(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    return _table(list(header), ([escape(cell) for cell in row] for row in rows))


def _score_row(name: str, benchmark: BenchmarkSummary, ks: list[int]) -> list[str]:
    scores = [interval(benchmark.scores[k]) if k in benchmark.scores else "" for k in ks]
    return [escape(name), count(len(benchmark.problems)), count(benchmark.measured), *scores]


def _findings(decision: Decision) -> Iterator[str]:
    for finding in sorted(decision.findings, key=lambda f: -f.outcome.exit_code):
        yield f"- {MARKS[finding.outcome]} {escape(str(finding))}"


def _flips(name: str, comparison: Comparison) -> list[str]:
    if not comparison.flips:
        return []
    shown = sorted(comparison.flips, key=lambda flip: flip.p_value)[:FLIPS_SHOWN]
    return [
        f"<details><summary>{escape(name)}: {plural(len(comparison.flips), 'problem')} went from "
        "mostly solved to never solved, or back</summary>",
        "",
        *_table(["problem", "before", "after", "p"], map(_flip_row, shown)),
        "",
        "</details>",
        "",
    ]


def _flip_row(flip: Flip) -> list[str]:
    counts = [f"{c} of {n}" for n, c in (flip.before, flip.after)]
    return [escape(flip.problem), *counts, f"{flip.p_value:.2g}{' !' if flip.significant else ''}"]


def _verdicts(summary: Summary) -> Iterator[str]:
    kinds = dict.fromkeys(kind for b in summary.benchmarks.values() for kind in b.verdicts)
    header = ["verdicts", *map(kind_name, kinds), "cut at limit", "not measured"]
    rows = []
    for name, benchmark in summary.benchmarks.items():
        cells = [_share(benchmark.verdicts.get(kind, 0), benchmark.measured) for kind in kinds]
        rows.append([escape(name), *cells, count(benchmark.truncated), count(benchmark.errors)])
    return _table(header, rows)


def _share(number: int, total: int) -> str:
    return f"{count(number)} ({percent(number / total)})" if number else "0"


def _footer(summary: Summary) -> str:
    run = summary.run
    measured = sum(b.measured for b in summary.benchmarks.values())
    facts = [f"{plural(measured, 'sample')} in {duration(run.seconds)}", f"run {escape(run.id)}"]
    if run.git_revision:
        facts.append(f"revision {escape(run.git_revision[:12])}")
    return f"<sub>{' · '.join(facts)}</sub>"
