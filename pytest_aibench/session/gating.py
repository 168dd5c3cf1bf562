"""The gate of a run: demands checked before it begins, one decision when it has ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pytest_aibench.errors import UsageError
from pytest_aibench.report.load import load_summary
from pytest_aibench.scoring.floors import parse_floor
from pytest_aibench.scoring.gate import Decision, GatePolicy, judge
from pytest_aibench.scoring.mismatch import Mismatch, mismatches
from pytest_aibench.scoring.power import detectable_difference
from pytest_aibench.scoring.summary import Summary
from pytest_aibench.settings import Settings

__all__ = ["Gate"]


@dataclass(frozen=True, slots=True)
class Gate:
    """What is demanded of a run, and the earlier run that it is held to."""

    policy: GatePolicy
    baseline: Summary | None

    @classmethod
    def of(cls, settings: Settings) -> Gate:
        """Raises `UsageError` where a demand is wrong or the baseline cannot be read."""
        demands = settings.gate
        policy = GatePolicy(
            floors=tuple(parse_floor(rule) for rule in demands.rules),
            baseline=demands.baseline is not None,
            max_drop=demands.max_drop,
            alpha=demands.alpha,
            max_error_rate=demands.max_error_rate,
            allowed=frozenset(demands.allowed),
        )
        too_large = [k for k in policy.ks if k > settings.n_samples]
        if too_large:
            raise UsageError(
                f"--gate: pass@{too_large[0]} needs --n-samples {too_large[0]} or more, "
                f"and it is {settings.n_samples}"
            )
        return cls(policy, load_summary(demands.baseline) if demands.baseline else None)

    def pass_at(self, asked: Sequence[int]) -> tuple[int, ...]:
        """The k to score: those asked for, and those that a bound is about."""
        return tuple(sorted({*asked, *self.policy.ks}))

    def check(self, planned: Summary) -> None:
        """Refuse a run that could not be compared with its baseline anyway.

        Raises:
            UsageError: the two differ in something that `--allow-mismatch` does not name.
        """
        if self.baseline is None:
            return
        # lm-eval's tasks have no hashes before they are scored; they are compared at the end.
        planned = replace(planned, lm_eval=self.baseline.lm_eval)
        found = mismatches(planned, self.baseline, self.policy.allowed)
        if found:
            allowed = " ".join(
                f"--allow-mismatch {f}" for f in dict.fromkeys(m.field for m in found)
            )
            raise UsageError(
                f"this run cannot be compared with --baseline: {'; '.join(map(_sentence, found))}. "
                f"Measure the baseline again, or compare nevertheless with {allowed}"
            )

    def outlook(self, planned: Summary, n_samples: int) -> Iterator[str]:
        """What difference from the baseline this run will be able to see."""
        if self.baseline is None:
            return
        for name in planned.benchmarks:
            before = self.baseline.benchmarks.get(name)
            if before is not None and any(n for n, _ in before.problems.values()):
                alpha = self.policy.alpha / len(planned.benchmarks)
                points = 100 * detectable_difference(before.problems, n_samples, alpha)
                yield (
                    f"{name}: a difference of {points:.1f} points of pass@1 from the baseline will "
                    f"be seen 8 times in 10"
                )

    def judge(self, summary: Summary, invalid: Sequence[str], budget: str) -> Decision:
        """The decision over a finished run."""
        return judge(summary, self.policy, self.baseline, invalid=invalid, budget=budget)


def _sentence(found: Mismatch) -> str:
    return f"{found.benchmark}: {found.message}" if found.benchmark else found.message
