"""The parts of the HTML page that need no script: text, tables and charts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any
from urllib.parse import quote

from pytest_aibench.report.charts import curve, histogram, interval_plot, shares
from pytest_aibench.report.decision import TITLES
from pytest_aibench.report.lm_eval_tables import (
    CHANGE_HEADER,
    HEADER,
    change_rows,
    score_rows,
)
from pytest_aibench.report.text import count, duration, interval, kind_name, percent, plural
from pytest_aibench.scoring.compare import Comparison
from pytest_aibench.scoring.gate import Decision
from pytest_aibench.scoring.summary import BenchmarkSummary, Summary, score

__all__ = ["sections"]

CURVE_POINTS = 40
FLIPS_OPEN = 10


def sections(summary: Summary, decision: Decision | None) -> Iterator[str]:
    """Everything above the samples, in the order of reading."""
    yield _heading(summary)
    yield from _incomplete(summary)
    yield from _warnings(summary)
    if decision is not None and decision.findings:
        yield _decision(decision)
    if summary.benchmarks or not summary.lm_eval:
        yield "<h2>Scores</h2>" + _scores(summary)
    if rows := score_rows(summary.lm_eval):
        yield "<h2>lm-eval</h2>" + _texts(HEADER, rows)
    for name, benchmark in summary.benchmarks.items():
        yield from _benchmark(name, benchmark)
    for name, comparison in decision.comparisons.items() if decision is not None else ():
        yield from _comparison(name, comparison)
    if decision is not None and decision.metrics:
        rows = change_rows(decision.metrics)
        yield "<h2>lm-eval against its baseline</h2>" + _texts(CHANGE_HEADER, rows)
    yield "<h2>Time and tokens</h2>" + _costs(summary)
    yield "<h2>Provenance</h2>" + _provenance(summary)


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Cells are HTML already."""
    head = "".join(f'<th scope="col">{cell}</th>' for cell in header)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody>'
        f"</table></div>"
    )


def _texts(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of cells that are no HTML yet."""
    return table(header, ([escape(cell) for cell in row] for row in rows))


def _heading(summary: Summary) -> str:
    run = summary.run
    measured = sum(b.measured for b in summary.benchmarks.values())
    facts = [plural(measured, "sample"), duration(run.seconds), run.started_at, f"run {run.id}"]
    line = " · ".join(escape(fact) for fact in facts if fact)
    return f'<header><h1>{escape(run.model)}</h1><p class="soft">{line}</p></header>'


def _incomplete(summary: Summary) -> Iterator[str]:
    if not summary.complete:
        reasons = "".join(f"<li>{escape(reason)}</li>" for reason in summary.incomplete)
        yield (
            f'<div class="banner"><strong class="invalid">Incomplete.</strong> These scores are '
            f"of a part of the run.<ul>{reasons}</ul></div>"
        )


def _warnings(summary: Summary) -> Iterator[str]:
    if summary.run.warnings:
        items = "".join(f"<li>{escape(warning)}</li>" for warning in summary.run.warnings)
        yield f'<div class="banner"><strong class="invalid">Warnings</strong><ul>{items}</ul></div>'


def _decision(decision: Decision) -> str:
    items = "".join(
        f'<li><span class="{f.outcome}">{f.outcome}</span> {escape(str(f))}</li>'
        for f in sorted(decision.findings, key=lambda f: -f.outcome.exit_code)
    )
    return (
        f'<div class="banner {decision.outcome}"><strong class="{decision.outcome}">'
        f"{TITLES[decision.outcome].capitalize()}</strong><ul>{items}</ul></div>"
    )


def _scores(summary: Summary) -> str:
    rows = []
    for name, benchmark in summary.benchmarks.items():
        for k, estimate in benchmark.scores.items():
            value = f"pass@{k} <strong>{interval(estimate)}</strong>"
            sizes = count(len(benchmark.problems)), count(benchmark.measured)
            rows.append((escape(name), value, interval_plot(estimate), *sizes))
    header = ["benchmark", "score with 95 % interval", "0 to 100 %", "problems", "samples"]
    return table(header, rows)


def _benchmark(name: str, benchmark: BenchmarkSummary) -> Iterator[str]:
    yield f"<h2>{escape(name)}</h2>"
    if not benchmark.measured:
        yield '<p class="invalid">No sample was measured.</p>'
        return
    yield shares({str(kind): number for kind, number in benchmark.verdicts.items()})
    yield _legend(benchmark)
    figures = [("Problems by share of solved samples (%)", histogram(_fractions(benchmark)))]
    estimates = {k: score(benchmark.problems.values(), k) for k in _curve_ks(benchmark)}
    if len(estimates) > 1:
        figures.append(("Pass@K in % over K, with its 95 % interval", curve(estimates)))
    drawn = "".join(f"<figure><figcaption>{t}</figcaption>{c}</figure>" for t, c in figures)
    yield f'<div class="charts">{drawn}</div>'


def _legend(benchmark: BenchmarkSummary) -> str:
    keys = [
        f'<span><i class="key" style="background:var(--{kind})"></i>{kind_name(kind)} '
        f'{count(number)} <span class="soft">({percent(number / benchmark.measured)})</span></span>'
        for kind, number in benchmark.verdicts.items()
    ]
    if benchmark.truncated:
        keys.append(f"<span>{count(benchmark.truncated)} cut at the token limit</span>")
    if benchmark.errors:
        keys.append(f'<span class="invalid">{count(benchmark.errors)} not measured</span>')
    return f'<div class="keys">{"".join(keys)}</div>'


def _fractions(benchmark: BenchmarkSummary) -> list[float]:
    return [c / n for n, c in benchmark.problems.values() if n]


def _curve_ks(benchmark: BenchmarkSummary) -> list[int]:
    """1 to the smallest n, thinned out evenly on a logarithmic scale."""
    most = min((n for n, _ in benchmark.problems.values() if n), default=0)
    if most <= CURVE_POINTS:
        return list(range(1, most + 1))
    step = math.log(most) / (CURVE_POINTS - 1)
    return sorted({round(math.exp(i * step)) for i in range(CURVE_POINTS)})


def _comparison(name: str, found: Comparison) -> Iterator[str]:
    yield f"<h2>{escape(name)} against its baseline</h2>"
    change = (
        f"{found.difference * 100:+.1f} points [{found.low * 100:+.1f}, {found.high * 100:+.1f}]"
    )
    yield (
        f"<p><strong>{found.answer}</strong>: pass@{found.k} {percent(found.before)} before, "
        f"{percent(found.after)} after; {change} at {1 - found.alpha:.1%} confidence, "
        f"p = {found.p_value:.2g}, {plural(found.problems, 'problem')}.</p>"
    )
    if found.flips:
        rows = [
            (_link(name, flip.problem), *(f"{c} of {n}" for n, c in (flip.before, flip.after)),
             f"{flip.p_value:.2g}", "beyond luck" if flip.significant else "may be luck")
            for flip in sorted(found.flips, key=lambda flip: flip.p_value)
        ]  # fmt: skip
        opened = " open" if len(rows) <= FLIPS_OPEN else ""
        title = f"{plural(len(rows), 'problem')} from mostly solved to never solved, or back"
        flips = table(["problem", "before", "after", "p", ""], rows)
        yield f"<details{opened}><summary>{title}</summary>{flips}</details>"


def _link(benchmark: str, problem: str) -> str:
    target = f"#/{quote(benchmark, safe='')}/{quote(problem, safe='')}"
    return f'<a href="{escape(target)}">{escape(problem)}</a>'


def _costs(summary: Summary) -> str:
    rows = [
        (escape(name), duration(b.seconds["model"]), duration(b.seconds["cpu"]),
         count(b.tokens["in"]), count(b.tokens["out"]),
         f"{b.tokens['out'] / b.measured:,.0f}" if b.measured else "-")
        for name, b in summary.benchmarks.items()
    ]  # fmt: skip
    header = ["benchmark", "waiting for the model", "CPU of programs", "tokens in", "tokens out",
              "out a sample"]  # fmt: skip
    return table(header, rows)


def _host(facts: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in facts.items())


def _provenance(summary: Summary) -> str:
    run, versions = summary.run, summary.lm_eval.get("versions", {})
    facts = {
        "started": run.started_at,
        "git revision": run.git_revision,
        "sandbox image": run.image_digest,
        "prompt": run.prompt_digest,
        **{f"data set of {name}": b.dataset_digest for name, b in summary.benchmarks.items()},
        **{
            f"lm-eval's {task}": f"version {versions.get(task)}, hash {hash_}"
            for task, hash_ in summary.lm_eval.get("task_hashes", {}).items()
        },
        **{f"model {key}": str(value) for key, value in run.identity.items()},
        **{f"setting {key}": str(value) for key, value in run.settings.items()},
        **{f"version of {key}": value for key, value in run.versions.items()},
        **{f"machine {key}": str(value) for key, value in run.machine.items()},
        "Docker hosts": "; ".join(_host(host) for host in run.hosts),
    }
    rows = [(escape(name), escape(value)) for name, value in facts.items() if value]
    return (
        f"<details><summary>Settings, versions, digests</summary>{table(['', ''], rows)}</details>"
    )
