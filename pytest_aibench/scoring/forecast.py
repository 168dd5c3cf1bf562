"""What can be said of a gate before the first token is spent."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_aibench.errors import UsageError
from pytest_aibench.scoring.gate import GatePolicy
from pytest_aibench.scoring.mismatch import mismatches
from pytest_aibench.scoring.power import detectable_difference
from pytest_aibench.scoring.summary import Summary

__all__ = ["forecast"]


def forecast(planned: Summary, policy: GatePolicy, baseline: Summary | None, n: int) -> list[str]:
    """Refuse what can only end as invalid; otherwise say what the comparison can find.

    `planned` is the summary of what was collected, without a sample yet; `n` are the samples a
    problem will get. Problems that are missing from the run, because it was limited, are no
    reason to refuse it: it will be judged as partial at its end.

    Raises:
        UsageError: a floor asks for k > n or for a benchmark that will not run, the baseline is
            missing, or one of another benchmark, data set, prompt, image or sampling.
    """
    _check_floors(planned, policy, n)
    if not policy.baseline:
        return []
    if baseline is None:
        raise UsageError("there is no baseline to compare with; give --baseline FILE")
    for mismatch in mismatches(planned, baseline, policy.allowed):
        if mismatch.field != "problems":
            where = f"{mismatch.benchmark}: " if mismatch.benchmark else ""
            raise UsageError(
                f"--baseline: {where}{mismatch.message}. Give a baseline of the same kind, or "
                f"--allow-mismatch {mismatch.field}"
            )
    return list(_detectable(planned, policy, baseline, n))


def _check_floors(planned: Summary, policy: GatePolicy, n: int) -> None:
    for floor in policy.floors:
        if floor.k is not None and floor.k > n:
            raise UsageError(
                f"--gate {floor}: pass@{floor.k} needs {floor.k} samples of each problem, and "
                f"there will be {n}. Give --n-samples {floor.k} or a smaller k"
            )
        if floor.benchmark and floor.benchmark not in planned.benchmarks:
            known = ", ".join(planned.benchmarks) or "none"
            raise UsageError(
                f"--gate {floor}: {floor.benchmark} is not among the benchmarks that will run "
                f"({known})"
            )


def _detectable(planned: Summary, policy: GatePolicy, baseline: Summary, n: int) -> Iterator[str]:
    shared = [name for name in planned.benchmarks if name in baseline.benchmarks]
    for name in shared:
        chosen = planned.benchmarks[name].problems
        problems = {
            id_: count for id_, count in baseline.benchmarks[name].problems.items() if id_ in chosen
        }
        if any(count for count, _ in problems.values()):
            least = detectable_difference(problems, n, policy.alpha / len(shared))
            yield (
                f"{name}: a change of pass@1 by {least * 100:.1f} points or more will be found "
                f"8 times in 10"
            )
