"""How often is the gate wrong? Simulates runs of known truth, seeded, and writes the answers.

    python tests/studies/gate_study.py [--runs 2000] [--output docs/gate-study.md]

Exit code 1 if a claim does not hold.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_aibench.scoring.compare import Answer, Comparison, compare
from pytest_aibench.scoring.interval import estimate_mean

PROBLEMS = 164
MEAN = 0.22
CONCENTRATION = 0.7
"""Problems as HumanEval's for CodeGen-16B: pass@1 of 22 %, most problems nearly always or nearly
never solved. The spread over problems of its 20 samples is that of a Beta with a + b = 0.7."""
ALPHA = 0.05
MAX_DROP = 0.02
SEED = 20260102

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One line of a table: what was simulated, what came out, whether the claim holds."""

    cells: tuple[str, ...]
    holds: bool


def binomial_error(rate: float, runs: int) -> float:
    """Two standard errors of a rate observed in `runs` simulations."""
    return 2 * math.sqrt(rate * (1 - rate) / runs)


def solved(random: np.random.Generator, mean: float = MEAN, problems: int = PROBLEMS) -> Floats:
    """The chance to solve each problem."""
    return random.beta(CONCENTRATION * mean, CONCENTRATION * (1 - mean), size=problems)


def counts(random: np.random.Generator, n: int, chances: Floats) -> dict[str, tuple[int, int]]:
    return {str(i): (n, int(c)) for i, c in enumerate(random.binomial(n, chances))}


def comparisons(runs: int, n0: int, n1: int, drop: float, jitter: float = 0.0) -> list[Comparison]:
    """`drop` is lost by all problems alike, in proportion; `jitter` moves each at random, as
    far as its chance allows, with no effect on the average over many problems."""
    random = np.random.default_rng([SEED, n0, n1, round(drop * 1000), round(jitter * 1000)])
    found = []
    for _ in range(runs):
        before = solved(random)
        after = before * (1 - drop / MEAN)
        room = np.minimum(after, 1 - after)
        after = after + random.uniform(-1, 1, PROBLEMS) * jitter * room
        found.append(compare(counts(random, n0, before), counts(random, n1, after), alpha=ALPHA))
    return found


def fails(found: Comparison) -> bool:
    """Whether the gate fails: a significant drop beyond the tolerance, or a broken problem."""
    dropped = found.answer is Answer.WORSE and found.difference < -MAX_DROP
    return dropped or bool(found.broken)


def share(found: list[Comparison], answer: Answer) -> float:
    return sum(each.answer is answer for each in found) / len(found)


def false_alarms(runs: int) -> Iterator[Row]:
    for n0, n1 in ((1, 1), (5, 5), (20, 20), (20, 1), (20, 5)):
        found = comparisons(runs, n0, n1, drop=0.0)
        worse, better = share(found, Answer.WORSE), share(found, Answer.BETTER)
        gate = sum(map(fails, found)) / runs
        covered = sum(each.low <= 0.0 <= each.high for each in found) / runs
        limit = ALPHA + binomial_error(ALPHA, runs)
        cells = f"{n0}", f"{n1}", f"{worse:.1%}", f"{better:.1%}", f"{gate:.1%}", f"{covered:.1%}"
        yield Row(cells, worse + better <= limit and gate <= limit)


def shuffled_problems(runs: int) -> Iterator[Row]:
    for n in (1, 5, 20):
        found = comparisons(runs, n, n, drop=0.0, jitter=0.5)
        worse, better = share(found, Answer.WORSE), share(found, Answer.BETTER)
        holds = worse + better <= ALPHA + binomial_error(ALPHA, runs)
        yield Row((f"{n}", f"{worse:.1%}", f"{better:.1%}"), holds)


def power(runs: int) -> Iterator[Row]:
    for drop in (0.02, 0.05, 0.1):
        for n in (1, 5, 20):
            found = comparisons(runs, n, n, drop)
            worse, gate = share(found, Answer.WORSE), sum(map(fails, found)) / runs
            claimed = drop >= 0.05 and n == 20
            cells = f"{drop * 100:.0f} points", f"{n}", f"{worse:.1%}", f"{gate:.1%}"
            yield Row(cells, gate >= 0.8 or not claimed)


BANDS = {"near 0": (0.005, 0.05), "middle": (0.05, 0.95), "near 1": (0.95, 0.995)}


def coverage(runs: int) -> Iterator[Row]:
    for problems in (30, PROBLEMS):
        for n in (1, 5, 20):
            rates = [covered(problems, n, band, runs) for band in BANDS.values()]
            claimed = problems == PROBLEMS
            holds = all(abs(rate - 0.95) <= 0.02 for rate in rates) or not claimed
            yield Row((f"{problems}", f"{n}", *(f"{rate:.1%}" for rate in rates)), holds)


def covered(problems: int, n: int, band: tuple[float, float], runs: int) -> float:
    random = np.random.default_rng([SEED, problems, n, round(band[0] * 1000)])
    hits = 0
    for truth in random.uniform(*band, size=runs):
        values: Any = random.binomial(n, solved(random, truth, problems)) / n
        estimate = estimate_mean(values.tolist())
        hits += estimate.low <= truth <= estimate.high
    return hits / runs


def table(header: str, rows: list[Row]) -> str:
    titles = [*header.split(" | "), "claim holds"]
    lines = [f"| {' | '.join(titles)} |", f"|{' --: |' * len(titles)}"]
    lines += [f"| {' | '.join(row.cells)} | {'yes' if row.holds else 'NO'} |" for row in rows]
    return "\n".join(lines)


TEXT = """# How often is the gate wrong?

Simulated with `make gate-study` (seeded; {runs:,} runs a line). Problems are drawn as HumanEval's
are for a model of 22 % pass@1: 164 of them, most nearly always or nearly never solved
(Beta, a + b = 0.7). alpha is 0.05, the tolerated drop 2 points. "Holds" compares with the claim
above a table, within two binomial standard errors of {runs:,} runs; lines without a claim hold.

## False alarms

Nothing changed between two runs. Claim: they are called better or worse at most as often as
alpha says, and the gate fails no more often than that. The interval of the difference contains 0
in the rest.

{false_alarms}

Problems changed at random, each by up to half of what its chance allows, and on average not at
all. Claim: called better or worse at most as often as alpha says.

{shuffled}

## Power

All problems lost the same share of their chance. Claim: with 20 samples a drop of 5 points or
more fails the gate at least 8 times in 10.

{power}

## Intervals of pass@1

How often the 95 % interval contains the truth. The truth is drawn evenly from a band: near 0 is
0.5 to 5 %, near 1 is 95 to 99.5 %. Claim: 95 % within 2 points for 164 problems. With 30 problems
often none is solved near 0, and the intervals err on the wide side.

{coverage}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    started = time.perf_counter()
    tables = {
        "false_alarms": ("n before | n after | worse | better | gate fails | interval has 0",
                         list(false_alarms(args.runs))),
        "shuffled": ("n | worse | better", list(shuffled_problems(args.runs))),
        "power": ("true drop | n | worse | gate fails", list(power(args.runs))),
        "coverage": (f"problems | n | {' | '.join(BANDS)}", list(coverage(args.runs))),
    }  # fmt: skip
    text = TEXT.format(
        runs=args.runs, **{name: table(head, rows) for name, (head, rows) in tables.items()}
    )
    if args.output:
        args.output.write_text(text, encoding="utf-8")
    print(text)
    print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr)
    return 0 if all(row.holds for _, rows in tables.values() for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
