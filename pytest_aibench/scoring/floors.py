"""Bounds that the user sets on a benchmark's numbers: `humaneval:pass@1>=0.40`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from pytest_aibench.errors import UsageError
from pytest_aibench.records import VerdictKind
from pytest_aibench.scoring.summary import BenchmarkSummary

__all__ = ["Floor", "parse_floor"]

SLACK = 1e-12
"""A mean of 0.4 may come out as 0.39999999999999997; that is no reason to fail."""

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda value, bound: value >= bound - SLACK,
    "<=": lambda value, bound: value <= bound + SLACK,
    ">": operator.gt,
    "<": operator.lt,
}
_FORM = re.compile(
    r"\s*(?:(?P<benchmark>[^:\s<>=]+)\s*:)?\s*(?P<metric>[A-Za-z_@0-9.,-]+)\s*"
    r"(?P<operator>>=|<=|>|<)\s*(?P<number>[0-9.eE+-]+)\s*(?P<percent>%?)\s*"
)
_SCORE = re.compile(r"pass@([1-9][0-9]*)(\.low|\.high)?")
_RATES = {str(kind) for kind in VerdictKind} | {"errors", "truncated"}
_TOKENS = {"tokens.in", "tokens.out", "tokens.in.mean", "tokens.out.mean"}

EXPECTED = (
    "expected [BENCHMARK:]METRIC>=NUMBER (or <=, >, <) with METRIC one of pass@K, pass@K.low, "
    "pass@K.high, errors, truncated, a verdict kind such as no_code (shares of samples), "
    "tokens.in, tokens.out (totals), tokens.in.mean, tokens.out.mean (a sample), or for lm-eval's "
    "tasks METRIC,FILTER such as exact_match,strict-match or acc,none"
)


@dataclass(frozen=True, slots=True)
class Floor:
    """One bound. `benchmark` is empty where it holds for each benchmark of the run."""

    benchmark: str
    metric: str
    operator: str
    bound: float

    @property
    def of_lm_eval(self) -> bool:
        """Whether the metric is one of lm-eval's, whose names are `METRIC,FILTER`."""
        return "," in self.metric

    @property
    def k(self) -> int | None:
        """The k that the run has to score for it; None for other metrics."""
        score = _SCORE.fullmatch(self.metric)
        return int(score[1]) if score else None

    def holds(self, value: float) -> bool:
        return _OPERATORS[self.operator](value, self.bound)

    def value(self, benchmark: BenchmarkSummary) -> float | None:
        """The number that the bound is for; None where the run could not measure it."""
        score = _SCORE.fullmatch(self.metric)
        if score:
            estimate = benchmark.scores.get(int(score[1]))
            end = (score[2] or ".value")[1:]
            return None if estimate is None else estimate.to_dict()[end]
        if self.metric == "errors":
            return _share(benchmark.errors, benchmark.errors + benchmark.measured)
        if self.metric in _TOKENS:
            return self._tokens(benchmark)
        counts = {str(kind): count for kind, count in benchmark.verdicts.items()}
        counts["truncated"] = benchmark.truncated
        return _share(counts.get(self.metric, 0), benchmark.measured)

    def _tokens(self, benchmark: BenchmarkSummary) -> float | None:
        _, direction, *mean = self.metric.split(".")
        total = benchmark.tokens[direction]
        return _share(total, benchmark.measured) if mean else float(total)

    @property
    def rule(self) -> str:
        """The bound without its benchmark."""
        return f"{self.metric}{self.operator}{self.bound:g}"

    def __str__(self) -> str:
        return f"{self.benchmark}:{self.rule}" if self.benchmark else self.rule


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def parse_floor(text: str) -> Floor:
    """`humaneval:pass@1>=0.40`, `pass@1.low>=40%`, `no_code<=0.02`, `tokens.out<=2000000`.

    Raises:
        UsageError: what is wrong with `text`, and the form.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise UsageError(f"--gate {text!r}: {EXPECTED}")
    metric = form["metric"]
    own = "," not in metric
    if own and not (_SCORE.fullmatch(metric) or metric in _RATES | _TOKENS):
        raise UsageError(f"--gate {text!r}: there is no metric {metric!r}; {EXPECTED}")
    try:
        bound = float(form["number"]) / (100 if form["percent"] else 1)
    except ValueError:
        raise UsageError(f"--gate {text!r}: {form['number']!r} is no number") from None
    if own and metric not in _TOKENS and not 0 <= bound <= 1:
        raise UsageError(
            f"--gate {text!r}: {metric} lies between 0 and 1, so {bound:g} decides nothing; "
            f"write 40 per cent as 0.40 or 40%"
        )
    benchmark = form["benchmark"] or ""
    return Floor("" if benchmark == "*" else benchmark, metric, form["operator"], bound)
