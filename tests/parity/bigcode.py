"""Our figures beside those of BigCode's evaluation harness, on the same completions, in one run.

    AIBENCH_DATA=... python -m tests.parity.bigcode CHECKOUT --octopack FOLDER [--only TASK,...]

CHECKOUT is a clone of bigcode-project/bigcode-evaluation-harness; its code runs in this
interpreter, on this host, without a sandbox, so it needs what its programs need: g++ with boost
and OpenSSL, a JDK (javatuples in /usr/multiple), node with js-md5 (`NODE_PATH`). FOLDER holds
OctoPack's metric. EvalPlus's tasks need its released data, `HumanEvalPlus-OriginFmt.jsonl.gz` and
`MbppPlus-OriginFmt.jsonl.gz`, in `evalplus` below AIBENCH_DATA. What the sandbox's image lacks and
a completion imports is hidden from BigCode (`theirs`). Prints a Markdown table and every problem
whose count differs; the exit status is 1 if one does.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.parity.cases import Case
    from tests.parity.ours import Ours
    from tests.parity.theirs import Evaluation

__all__ = ["main", "provide"]

TOLERANCE = 1e-12
WAYS = {"adapter": "their task", "own": "our benchmark"}
COLUMNS = ("task", "completions", "problems", "samples", "pass@1 there")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--octopack", type=Path, help="folder with OctoPack's metric")
    parser.add_argument("--only", help="these tasks, comma-separated")
    parser.add_argument("--workers", type=int, default=2, help="of our runs (default: 2)")
    parser.add_argument("--processes", type=int, help="of BigCode's (default: its own choice)")
    parser.add_argument("--limit", type=int, help="only the first N documents of each task")
    options = parser.parse_args(arguments)
    provide(options.checkout.resolve(), options.octopack)

    from tests.parity.cases import CASES

    only = options.only.split(",") if options.only else [case.task for case in CASES]
    cases = [replace(case, limit=options.limit or case.limit) for case in CASES]
    _print_row(*COLUMNS, *(f"{way}: (n, c) equal, largest Δ" for way in WAYS.values()))
    _print_row(*["---"] * (len(COLUMNS) + len(WAYS)))
    lines = [
        line
        for case in cases
        if case.task in only
        for line in _compare(case, options.workers, options.processes)
    ]
    print("\n" + "\n".join(lines or ["no difference"]))
    return 1 if lines else 0


def provide(checkout: Path, octopack: Path | None) -> None:
    """Make harness, data and metric known here and to the runs that are started."""
    sys.path.insert(0, str(checkout))
    os.environ["PYTHONPATH"] = str(checkout)
    if octopack is not None:
        os.environ["AIBENCH_OCTOPACK"] = str(octopack.resolve())
    import_module("tests.parity.local_hub")


def _compare(case: Case, workers: int, processes: int | None) -> list[str]:
    """Print the row of a case; a line for each difference."""
    from pytest_aibench.bigcode.carried import CARRIED
    from tests.parity.ours import run_ours
    from tests.parity.theirs import evaluate, prepare, repeat

    found = prepare(case)
    evaluate(found, processes)
    cells, lines = [], []
    with tempfile.TemporaryDirectory(prefix="aibench-parity-") as folder:
        for way in WAYS:
            adapter = way == "adapter"
            if not adapter and case.task not in CARRIED:
                cells.append("")
                continue
            [ours] = run_ours([(case, found)], Path(folder), adapter=adapter, workers=workers)
            if not found.repeated:
                repeat(found, [p for p, c in found.counts.items() if ours.counts.get(p) != c])
            equal = sum(ours.counts.get(place) == count for place, count in found.counts.items())
            worst = max(abs(ours.scores[name] - value) for name, value in found.scores.items())
            cells.append(f"{equal} of {len(found.documents)}, {worst:.1e}")
            lines += _differences(case, found, ours, way)
            if worst > TOLERANCE:
                lines.append(f"{case.task} ({way}): {ours.scores} for {found.scores}")
    sizes = (str(len(found.documents)), str(found.programs))
    _print_row(case.task, case.title, *sizes, repr(found.scores["pass@1"]), *cells)
    for place in found.repeated:
        name = _name(found.documents[place])
        print(f"  repeated alone by BigCode: {name} {found.counts[place]}", file=sys.stderr)
    return lines


def _differences(case: Case, found: Evaluation, ours: Ours, way: str) -> list[str]:
    return [
        f"{case.task} ({way}), document {place} {_name(found.documents[place])}: BigCode (n, c) = "
        f"{count}, ours {ours.counts.get(place)}: {', '.join(ours.kinds.get(place, ()))}"
        for place, count in sorted(found.counts.items())
        if ours.counts.get(place) != count
    ]


def _name(document: Mapping[str, Any]) -> str:
    return str(document.get("task_id", document.get("name", "")))


def _print_row(*cells: str) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
