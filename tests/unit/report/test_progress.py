from __future__ import annotations

import io
from itertools import pairwise

from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.report.progress import Progress


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def sample(kind: VerdictKind | None) -> SampleRecord:
    return SampleRecord("b", "p", 0, kind)


def run(total: int, done: int, step: float, *, live: bool = False, width: int = 80) -> str:
    """What is shown of `done` of `total` samples, one each `step` seconds, half of them passed."""
    clock, stream = Clock(), io.StringIO()
    progress = Progress(stream, live=live, width=lambda: width, clock=clock)
    progress.start(total)
    for i in range(done):
        clock.now += step
        progress.update(sample(VerdictKind.TIMEOUT if i % 2 else VerdictKind.PASSED))
    progress.finish()
    return stream.getvalue()


def test_a_log_has_a_line_each_tenth() -> None:
    lines = run(total=100, done=100, step=0.5).splitlines()
    assert [line.split(" %")[0].strip("[ ") for line in lines] == [
        str(10 * i) for i in range(1, 11)
    ]


def test_a_slow_run_has_a_line_each_ten_seconds() -> None:
    lines = run(total=1000, done=10, step=5.0).splitlines()
    assert [line.split("  pass@1")[0] for line in lines] == [
        "[  0 %] 2/1,000",
        "[  0 %] 4/1,000",
        "[  0 %] 6/1,000",
        "[  0 %] 8/1,000",
        "[  1 %] 10/1,000",
    ]


def test_a_fast_run_does_not_flood_a_log() -> None:
    assert len(run(total=100, done=100, step=0.02).splitlines()) <= 3


def test_a_log_line_says_score_rate_and_time_left() -> None:
    line = run(total=100, done=20, step=0.5).splitlines()[1]
    assert line == "[ 20 %] 20/100  pass@1 50.0 %  2.0/s  0:10  ETA 0:40"


def test_the_end_is_shown_once_and_without_an_estimate() -> None:
    lines = run(total=10, done=10, step=2.0).splitlines()
    assert lines[-1] == "[100 %] 10/10  pass@1 50.0 %  0.5/s  0:20"
    assert len(lines) == 10


def test_a_stopped_run_shows_where_it_stopped() -> None:
    assert run(total=100, done=7, step=0.1).splitlines()[-1].startswith("[  7 %] 7/100")


def test_unmeasured_samples_are_in_no_score() -> None:
    stream = io.StringIO()
    progress = Progress(stream)
    progress.start(3)
    for kind in (VerdictKind.PASSED, None, None):
        progress.update(sample(kind))
    progress.finish()
    assert "pass@1 100.0 %  2 not measured" in stream.getvalue().splitlines()[-1]


def test_nothing_measured_has_no_score() -> None:
    stream = io.StringIO()
    progress = Progress(stream)
    progress.start(2)
    progress.update(sample(None))
    progress.finish()
    assert "pass@1 -  1 not measured" in stream.getvalue()


def test_the_live_line_is_rewritten_in_place() -> None:
    shown = run(total=40, done=40, step=0.5, live=True)
    assert shown.count("\n") == 1
    frames = shown.rstrip("\n").split("\r")[1:]
    assert len(frames) == 41
    assert frames[0].startswith("[......")
    assert frames[-1].startswith("[######")
    assert "40/40  pass@1 50.0 %  2.0/s  0:20" in frames[-1]


def test_a_shorter_frame_wipes_the_longer_one() -> None:
    frames = run(total=40, done=40, step=0.5, live=True).rstrip("\n").split("\r")[1:]
    for before, after in pairwise(frames):
        assert len(after) >= len(before.rstrip())


def test_the_live_line_is_painted_ten_times_a_second_at_most() -> None:
    shown = run(total=10_000, done=10_000, step=0.001, live=True)
    assert 90 <= shown.count("\r") <= 102


def test_no_frame_is_wider_than_the_terminal() -> None:
    for width in (1, 20, 40, 60, 200):
        frames = run(total=1000, done=30, step=0.3, live=True, width=width).strip("\n").split("\r")
        assert max(map(len, frames)) < width or width == 1


def test_the_estimate_follows_the_last_half_minute() -> None:
    clock, stream = Clock(), io.StringIO()
    progress = Progress(stream, clock=clock)
    progress.start(1000)
    for _ in range(40):
        clock.now += 10.0
        progress.update(sample(VerdictKind.PASSED))
    for _ in range(400):
        clock.now += 0.1
        progress.update(sample(VerdictKind.PASSED))
    progress.finish()
    assert " 10.0/s " in stream.getvalue().splitlines()[-1]


def test_a_run_without_samples_ends_quietly() -> None:
    assert run(total=0, done=0, step=1.0).splitlines() == ["[100 %] 0/0  pass@1 -  0.0/s  0:00"]
