"""The table at the end of a run, as styled lines that any terminal writer can print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pytest_aibench.records import VerdictKind
from pytest_aibench.report.lm_eval_tables import HEADER, columns, score_rows
from pytest_aibench.report.text import count, duration, interval, kind_name, plural, wrap
from pytest_aibench.scoring.summary import BenchmarkSummary, Summary

__all__ = [
    "Line", "Segment", "Writer", "lm_eval_lines", "summary_lines", "to_ascii", "write_lines",
]  # fmt: skip

GAP = "  "
INDENT = "   "
NARROWEST_TABLE = 60
BAR_WIDTH = 60
MESSAGES_SHOWN = 3
KIND_STYLES = {
    VerdictKind.PASSED: "green",
    VerdictKind.SUSPICIOUS: "yellow bold",
    VerdictKind.WRONG_ANSWER: "red",
    VerdictKind.RUNTIME_ERROR: "purple",
    VerdictKind.COMPILE_ERROR: "blue",
    VerdictKind.TIMEOUT: "yellow",
}
OTHER_STYLE = "cyan"


@dataclass(frozen=True, slots=True)
class Segment:
    """Text in one style: names of pytest's TerminalWriter markup, separated by spaces."""

    text: str
    style: str = ""


Line = list[Segment]
Row = list[str]


class Writer(Protocol):
    """What is used of pytest's TerminalWriter."""

    def write(self, msg: str, **markup: bool) -> Any: ...
    def line(self, s: str = "", **markup: bool) -> Any: ...


def write_lines(writer: Writer, lines: Iterable[Line]) -> None:
    """Print `lines`; the writer drops the styles where the terminal has no colours."""
    for line in lines:
        for segment in line:
            writer.write(segment.text, **dict.fromkeys(segment.style.split(), True))
        writer.line()


def summary_lines(summary: Summary, width: int = 80, ascii_only: bool = False) -> list[Line]:
    """The table, what it is made of, and whether it stands for the whole run.

    Each score has a column of its own if `width` allows, else a row; below 60 columns each
    fact has a line. `ascii_only` replaces what an ASCII terminal cannot show.
    """
    lines = [*_table(summary, width), *_verdict_on_run(summary, width), _footer(summary)]
    return [to_ascii(line) for line in lines] if ascii_only else lines


def lm_eval_lines(results: Mapping[str, Any], ascii_only: bool = False) -> list[Line]:
    """lm-eval's scores with their standard errors; nothing where there are none."""
    rows = score_rows(results)
    lines = [[Segment(f" {text}")] for text in columns(HEADER, rows)] if rows else []
    return [to_ascii(line) for line in lines] if ascii_only else lines


def _table(summary: Summary, width: int) -> list[Line]:
    ks = sorted({k for b in summary.benchmarks.values() for k in b.scores})
    if width >= NARROWEST_TABLE:
        for rows in (_wide_rows(summary, ks), _long_rows(summary)):
            columns = _column_widths(rows)
            if sum(columns) + len(GAP) * len(columns) + 1 <= width:
                return _aligned(summary, rows, columns, width)
    return _stacked(summary, width)


def _wide_rows(summary: Summary, ks: list[int]) -> list[list[Row]]:
    """Header, then per benchmark one row with a column for each k."""
    header = ["benchmark", "problems", "samples", *(f"pass@{k}" for k in ks)]
    rows = [
        [[*_identity(name, b), *(interval(b.scores[k]) if k in b.scores else "-" for k in ks)]]
        for name, b in summary.benchmarks.items()
    ]
    return [[header], *rows]


def _long_rows(summary: Summary) -> list[list[Row]]:
    """Header, then per benchmark one row for each k."""
    groups = [[["benchmark", "problems", "samples", "score", "with 95 % interval"]]]
    for name, benchmark in summary.benchmarks.items():
        scores = [[f"pass@{k}", interval(e)] for k, e in benchmark.scores.items()] or [["-", "-"]]
        heads = [_identity(name, benchmark), *([["", "", ""]] * (len(scores) - 1))]
        groups.append([head + score for head, score in zip(heads, scores, strict=True)])
    return groups


def _identity(name: str, benchmark: BenchmarkSummary) -> Row:
    problems = len(benchmark.problems)
    return [
        name,
        _part(problems - len(benchmark.unmeasured), problems),
        _part(benchmark.measured, benchmark.planned),
    ]


def _part(measured: int, planned: int) -> str:
    return count(measured) if measured >= planned else f"{count(measured)}/{count(planned)}"


def _column_widths(groups: list[list[Row]]) -> list[int]:
    rows = [row for group in groups for row in group]
    return [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]


def _aligned(
    summary: Summary, groups: list[list[Row]], columns: list[int], width: int
) -> list[Line]:
    header, *bodies = groups
    total = sum(columns) + len(GAP) * (len(columns) - 1)
    lines = [
        [Segment(" " + _row_text(header[0], columns), "bold")],
        [Segment(" " + "─" * total, "light")],
    ]
    for body, benchmark in zip(bodies, summary.benchmarks.values(), strict=True):
        lines += [_styled_row(row, columns) for row in body]
        lines += _details(benchmark, width)
    return lines


def _row_text(row: Row, columns: list[int]) -> str:
    """Numbers (second and third column) to the right, everything else to the left."""
    cells = [
        cell.rjust(size) if i in (1, 2) else cell.ljust(size)
        for i, (cell, size) in enumerate(zip(row, columns, strict=True))
    ]
    return GAP.join(cells).rstrip()


def _styled_row(row: Row, columns: list[int]) -> Line:
    text = " " + _row_text(row, columns)
    scores_at = 1 + sum(columns[:3]) + 3 * len(GAP)
    name_ends = 1 + columns[0]
    return [
        Segment(text[:name_ends], "bold"),
        Segment(text[name_ends:scores_at]),
        Segment(text[scores_at:], "bold cyan"),
    ]


def _stacked(summary: Summary, width: int) -> list[Line]:
    lines: list[Line] = []
    for name, benchmark in summary.benchmarks.items():
        sizes = [plural(len(benchmark.problems), "problem"), plural(benchmark.measured, "sample")]
        lines.append([Segment(name, "bold")])
        lines += [[Segment(INDENT + text)] for text in wrap(sizes, width - len(INDENT))]
        for k, estimate in benchmark.scores.items():
            lines.append([Segment(f"{INDENT}pass@{k} {interval(estimate)}", "bold cyan")])
        lines += _details(benchmark, width)
    return lines


def _details(benchmark: BenchmarkSummary, width: int) -> Iterator[Line]:
    if benchmark.measured:
        yield _bar(benchmark, min(BAR_WIDTH, width - len(INDENT) - 1))
    yield from _legend(benchmark, width - len(INDENT))
    for reason in dict.fromkeys(benchmark.undefined.values()):
        ks = ", ".join(f"pass@{k}" for k, why in benchmark.undefined.items() if why == reason)
        yield [Segment(f"{INDENT}{ks} undefined: {reason}", "yellow")]
    for message, times in list(benchmark.error_messages.items())[:MESSAGES_SHOWN]:
        room = max(width - len(INDENT) - 14, 20)
        first = (message.splitlines() or ["(no message)"])[0]
        shown = first if len(first) <= room else first[: room - 1] + "…"
        yield [Segment(f"{INDENT}error × {count(times)}: {shown}", "red")]
    yield from ([Segment(INDENT + text, "light")] for text in wrap(_costs(benchmark), width - 3))


def _bar(benchmark: BenchmarkSummary, width: int) -> Line:
    """The verdict kinds as one bar, each a piece as long as its share."""
    line, done, drawn = [Segment(INDENT)], 0, 0
    for kind, number in benchmark.verdicts.items():
        done += number
        end = round(width * done / benchmark.measured)
        block = "█" if kind is VerdictKind.PASSED else "▒"
        line.append(Segment(block * (end - drawn), KIND_STYLES.get(kind, OTHER_STYLE)))
        drawn = end
    return line


def _legend(benchmark: BenchmarkSummary, width: int) -> Iterator[Line]:
    """Each verdict kind with its count in the colour of its piece of the bar."""
    parts = [
        Segment(f"{count(number)} {kind_name(kind)}", KIND_STYLES.get(kind, OTHER_STYLE))
        for kind, number in benchmark.verdicts.items()
    ]
    if benchmark.truncated:
        parts.append(Segment(f"{count(benchmark.truncated)} cut at the token limit", "yellow"))
    if benchmark.errors:
        parts.append(Segment(f"{count(benchmark.errors)} not measured", "red bold"))
    line, used = [Segment(INDENT)], 0
    for part in parts:
        if used and used + 3 + len(part.text) > width:
            yield line
            line, used = [Segment(INDENT)], 0
        if used:
            line.append(Segment(" · ", "light"))
        line.append(part)
        used += len(part.text) + (3 if used else 0)
    if used:
        yield line


def _costs(benchmark: BenchmarkSummary) -> list[str]:
    costs = [f"programs {duration(benchmark.seconds['cpu'])} of CPU"]
    if benchmark.seconds["model"]:
        costs.append(f"model {duration(benchmark.seconds['model'])}")
    if benchmark.tokens["in"] or benchmark.tokens["out"]:
        costs.append(f"tokens {count(benchmark.tokens['in'])} in")
        costs.append(f"{count(benchmark.tokens['out'])} out")
    return costs


def _verdict_on_run(summary: Summary, width: int) -> Iterator[Line]:
    if summary.complete:
        return
    yield [Segment(" incomplete: ", "red bold"), Segment("these scores are of a part of the run")]
    for reason in summary.incomplete:
        for text in wrap(reason.split(" "), width - len(INDENT) - 2, " "):
            yield [Segment(f"{INDENT}{text}", "yellow")]


def _footer(summary: Summary) -> Line:
    measured = sum(b.measured for b in summary.benchmarks.values())
    took = summary.run.seconds
    speed = f" ({measured / took:,.1f} a second)" if took > 0 and measured else ""
    work = f"{plural(measured, 'sample')} in {duration(took)}{speed}"
    profile = summary.run.settings.get("profile", "aibench")
    work += f" · profile {profile}" if profile != "aibench" else ""
    return [Segment(f" {summary.run.model}", "bold"), Segment(f" · {work}", "light")]


_ASCII = str.maketrans(
    {"✓": "+", "✗": "x", "±": "+-", "─": "-", "█": "#", "▒": "-", "·": "|", "×": "x", "…": "~"}
)


def to_ascii(line: Line) -> Line:
    """`line` for terminals that show nothing else; what has no likeness becomes an escape."""
    return [
        Segment(s.text.translate(_ASCII).encode("ascii", "backslashreplace").decode(), s.style)
        for s in line
    ]
