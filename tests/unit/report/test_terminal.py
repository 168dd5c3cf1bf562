from __future__ import annotations

import io

import pytest
from _pytest._io import TerminalWriter

from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.report.terminal import Line, summary_lines, write_lines
from pytest_aibench.scoring.summary import RunInfo, Summary, build_summary
from pytest_aibench.scoring.tally import Tally

RUN = RunInfo("r1", "ollama/llama3", seconds=10.0)


def summary(
    kinds: dict[VerdictKind | None, int],
    pass_at: tuple[int, ...] = (1,),
    names: tuple[str, ...] = ("b",),
) -> Summary:
    """Benchmarks of ten problems, each with the samples of `kinds`."""
    tally = Tally()
    for name in names:
        tally.declare(name, [f"p{i}" for i in range(10)], planned=sum(kinds.values()))
        for i in range(10):
            drawn = [kind for kind, times in kinds.items() for _ in range(times)]
            for sample, kind in enumerate(drawn):
                error = "" if kind else "engine gone\nat line 2"
                tally.add(SampleRecord(name, f"p{i}", sample, kind, error=error))
    return build_summary(tally, RUN, pass_at)


def text(lines: list[Line]) -> str:
    return "\n".join("".join(segment.text for segment in line) for line in lines)


HALF: dict[VerdictKind | None, int] = {VerdictKind.PASSED: 2, VerdictKind.WRONG_ANSWER: 2}


def test_a_column_for_each_k_where_there_is_room() -> None:
    shown = text(summary_lines(summary(HALF, (1, 2)), 100)).splitlines()
    assert shown[0].split() == ["benchmark", "problems", "samples", "pass@1", "pass@2"]
    assert shown[2].split()[:4] == ["b", "10", "40", "50.0"]
    assert "83.3 % [" in shown[2]


def test_a_row_for_each_k_where_there_is_less() -> None:
    shown = text(summary_lines(summary(HALF, (1, 2, 3)), 70)).splitlines()
    assert [line.split()[-5] for line in shown[2:5]] == ["pass@1", "pass@2", "pass@3"]
    assert "with 95 % interval" in shown[0]


def test_a_line_for_each_fact_where_it_is_narrow() -> None:
    shown = text(summary_lines(summary(HALF, (1, 2)), 40))
    assert "   10 problems · 40 samples\n   pass@1 50.0 % [" in shown


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_of_a_complete_run_is_wider_than_the_terminal(width: int) -> None:
    kinds: dict[VerdictKind | None, int] = dict.fromkeys(VerdictKind, 3)
    lines = summary_lines(summary(kinds, (1, 10), ("humaneval", "basics")), width)
    wide = [line for line in text(lines).splitlines()[:-1] if len(line) > width]
    assert wide == []


def test_verdict_kinds_add_up_and_fill_the_bar() -> None:
    lines = summary_lines(summary({VerdictKind.PASSED: 1, VerdictKind.TIMEOUT: 2}), 80)
    bar = next(line for line in lines if "█" in text([line]))
    assert [len(segment.text) for segment in bar] == [3, 20, 40]
    assert "10 passed · 20 timeout" in text(lines)


def test_errors_and_gaps_are_told() -> None:
    shown = text(summary_lines(summary({VerdictKind.PASSED: 1, None: 1}, (1, 2)), 80))
    assert " 10/20 " in shown
    assert "10 not measured" in shown
    assert "error × 10: engine gone\n" in shown
    assert "pass@2 undefined: p0 has 1 measured, 2 are needed" in shown
    assert "incomplete: these scores are of a part of the run" in shown
    assert "b: 10 of 20 samples could not be measured" in shown


def test_a_run_that_measured_nothing_is_shown() -> None:
    shown = text(summary_lines(summary({None: 1}), 80))
    assert " 0/10 " in shown
    assert "pass@1 undefined: no sample was measured" in shown
    assert "10 of 10 problems have no measured sample" in shown


def test_ascii_terminals_get_ascii() -> None:
    shown = text(summary_lines(summary({VerdictKind.PASSED: 1, None: 1}), 80, ascii_only=True))
    assert shown.isascii()
    assert "####" in shown


def test_styles_are_those_of_pytests_writer() -> None:
    coloured = TerminalWriter(io.StringIO())
    coloured.hasmarkup = True
    write_lines(coloured, summary_lines(summary({**HALF, None: 1}), 80))
    plain = TerminalWriter(file := io.StringIO())
    lines = summary_lines(summary({**HALF, None: 1}), 80)
    write_lines(plain, lines)
    assert file.getvalue() == text(lines) + "\n"
