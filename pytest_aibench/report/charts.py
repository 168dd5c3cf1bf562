"""Charts as SVG text, without any script; colours come from the page's style sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pytest_aibench.scoring.interval import Estimate

__all__ = ["curve", "histogram", "interval_plot", "shares"]

WIDTH, HEIGHT, MARGIN = 420, 220, 34


def interval_plot(estimate: Estimate, width: int = 220) -> str:
    """Value and interval on a scale from 0 to 1."""

    def x(share: float) -> str:
        return f"{4 + share * (width - 8):.1f}"

    return (
        f'<svg viewBox="0 0 {width} 16" width="{width}" height="16" role="img" '
        f'aria-label="interval from {estimate.low:.3f} to {estimate.high:.3f}">'
        f'<line class="axis" x1="{x(0)}" y1="8" x2="{x(1)}" y2="8"/>'
        f'<line class="range" x1="{x(estimate.low)}" y1="8" x2="{x(estimate.high)}" y2="8"/>'
        f'<circle class="dot" cx="{x(estimate.value)}" cy="8" r="4"/></svg>'
    )


def curve(estimates: dict[int, Estimate]) -> str:
    """pass@k over k, the k on a logarithmic scale, with its interval as a band."""
    ks = sorted(estimates)
    span = math.log(ks[-1]) or 1.0

    def x(k: int) -> float:
        return MARGIN + math.log(k) / span * (WIDTH - MARGIN - 10)

    def y(share: float) -> float:
        return 10 + (1 - share) * (HEIGHT - MARGIN - 10)

    def path(points: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{a:.1f},{b:.1f}" for a, b in points)

    upper = [(x(k), y(estimates[k].high)) for k in ks]
    lower = [(x(k), y(estimates[k].low)) for k in reversed(ks)]
    line = [(x(k), y(estimates[k].value)) for k in ks]
    labels = [(k, x(k)) for k in _ticks(ks)]
    return (
        f"{_open('pass@k over k')}{_share_axis(y)}"
        f'<polygon class="band" points="{path(upper + lower)}"/>'
        f'<polyline class="line" points="{path(line)}"/>'
        + "".join(
            f'<text x="{a:.1f}" y="{HEIGHT - 10}" text-anchor="middle">{k}</text>'
            for k, a in labels
        )
        + "</svg>"
    )


def _ticks(ks: Sequence[int]) -> list[int]:
    marks = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}
    return [k for k in ks if k in marks or k == ks[-1]] if len(ks) > 8 else list(ks)


def _share_axis(y: object) -> str:
    assert callable(y)
    return "".join(
        f'<line class="axis" x1="{MARGIN}" x2="{WIDTH - 10}" y1="{y(s):.1f}" y2="{y(s):.1f}"/>'
        f'<text x="{MARGIN - 4}" y="{y(s) + 4:.1f}" text-anchor="end">{s * 100:.0f}</text>'
        for s in (0.0, 0.25, 0.5, 0.75, 1.0)
    )


def histogram(fractions: Sequence[float], bins: int = 10) -> str:
    """How many problems are solved in which share of their samples: never, ten bins, always."""
    heights = [0] * (bins + 2)
    for fraction in fractions:
        heights[_bin(fraction, bins)] += 1
    most = max([*heights, 1])
    step = (WIDTH - MARGIN) / len(heights)
    floor = HEIGHT - MARGIN
    bars = []
    for i, height in enumerate(heights):
        size = height / most * (floor - 24)
        x = MARGIN / 2 + i * step
        bars.append(
            f'<rect class="bar" x="{x + 2:.1f}" y="{floor - size:.1f}" width="{step - 4:.1f}" '
            f'height="{size:.1f}"/><text x="{x + step / 2:.1f}" y="{floor - size - 5:.1f}" '
            f'text-anchor="middle">{height or ""}</text>'
            f'<text x="{x + step / 2:.1f}" y="{floor + 16}" text-anchor="middle">'
            f"{_bin_name(i, bins)}</text>"
        )
    return f"{_open('problems by solved fraction')}{''.join(bars)}</svg>"


def _bin(fraction: float, bins: int) -> int:
    if fraction <= 0.0 or fraction >= 1.0:
        return 0 if fraction <= 0.0 else bins + 1
    return 1 + min(int(fraction * bins), bins - 1)


def _bin_name(i: int, bins: int) -> str:
    if i == 0:
        return "none"
    return "all" if i == bins + 1 else f"{100 * (i - 1) // bins}+"


def shares(counts: dict[str, int]) -> str:
    """One bar, cut into pieces as long as the counts; colours by the names of the counts."""
    total, x, pieces = sum(counts.values()) or 1, 0.0, []
    for name, number in counts.items():
        width = number / total * 900
        pieces.append(
            f'<rect x="{x:.1f}" y="0" width="{width:.1f}" height="22" fill="var(--{name})">'
            f"<title>{name.replace('_', ' ')}: {number:,}</title></rect>"
        )
        x += width
    return (
        f'<svg viewBox="0 0 900 22" preserveAspectRatio="none" style="width:100%;height:22px" '
        f'role="img" aria-label="verdict kinds">{"".join(pieces)}</svg>'
    )


def _open(label: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{label}">'
    )
