"""CPU time of a program in the sandbox beside the plain command in a warm container.

    AIBENCH_DATA=... python -m tests.bench.languages [programs] [rounds] [language ...]

Both run HumanEval-X's canonical solutions with their tests, once each (a pass is not confirmed), in
turns on the same machine, in containers of the same image; the figure is what the container's own
counter says for all of its processes (in the sandbox: the supervisor and Java's compiler too),
divided by the programs.
"""

from __future__ import annotations

import io
import os
import statistics
import sys
import tarfile
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_aibench.problems.builtin.humaneval_x import CPP_HEADERS, RULES
from pytest_aibench.sandbox.engine import connect
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.image import ensure_image
from pytest_aibench.sandbox.owner import LABEL
from pytest_aibench.sandbox.program import Limits, Program
from tests.data import data_rows

__all__ = ["main"]

_WORK = "/tmp/plain"


@dataclass(frozen=True)
class Plain:
    """How a programmer would run one program: a file, and a shell command in its folder."""

    language: str
    short: str
    family: str
    file: str
    command: str
    preamble: str = ""


PLAIN = (
    Plain("javascript", "js", "node", "solution.js", "node solution.js"),
    Plain("cpp", "cpp", "cpp", "t.cpp", "g++ -std=c++11 t.cpp -o t && ./t", CPP_HEADERS),
    Plain("java", "java", "java", "Main.java", "javac -d out Main.java && java -cp out Main"),
)


def main(programs: int = 8, rounds: int = 3, languages: Sequence[str] = ()) -> None:
    """Print milliseconds of CPU time per program, and their ratio, for each language."""
    client = connect()
    print(f"{programs} programs of HumanEval-X, median of {rounds} rounds, CPU ms per program")
    print(f"{'language':12}{'plain command':>15}{'sandbox':>10}{'ratio':>8}")
    for plain in PLAIN:
        if languages and plain.language not in languages:
            continue
        ours, theirs = _compare(client, plain, programs, rounds)
        print(f"{plain.language:12}{theirs:15.1f}{ours:10.1f}{theirs / ours:8.1f}", flush=True)
    client.close()


def _compare(client: Any, plain: Plain, programs: int, rounds: int) -> tuple[float, float]:
    rows = data_rows(f"humaneval-x/humaneval_{plain.short}.jsonl.gz")[::20][:programs]
    run = uuid.uuid4().hex
    executor = DockerExecutor(run_id=run, remember=False, confirm_passes=False)
    container = client.containers.run(
        ensure_image(client, plain.family).digest,
        ["sleep", "3600"],
        detach=True,
        auto_remove=True,
        network_mode="none",
        nano_cpus=10**9,
        labels={f"{LABEL}.bench": run},
    )
    try:
        container.put_archive("/", _archive(plain, rows))
        sides: list[tuple[Callable[[], None], Callable[[], float]]] = [
            (
                lambda: _sandboxed(executor, plain, rows),
                lambda: _used(client, f"{LABEL}.run={run}"),
            ),
            (lambda: _plainly(container, plain), lambda: _used(client, f"{LABEL}.bench={run}")),
        ]
        for work, _ in sides:
            work()  # warm
        times: list[list[float]] = [[], []]
        for _ in range(rounds):
            for (work, used), found in zip(sides, times, strict=True):
                before = used()
                work()
                found.append((used() - before) * 1e3 / len(rows))
    finally:
        executor.close()
        container.kill()
    return statistics.median(times[0]), statistics.median(times[1])


def _archive(plain: Plain, rows: list[dict[str, Any]]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for i, row in enumerate(rows):
            text = plain.preamble + row["prompt"] + row["canonical_solution"] + "\n" + row["test"]
            info = tarfile.TarInfo(f"{_WORK}/{i}/{plain.file}".lstrip("/"))
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return content.getvalue()


def _plainly(container: Any, plain: Plain) -> None:
    script = f"set -e; for d in {_WORK}/*/; do cd $d; {plain.command} >/dev/null; done"
    status, output = container.exec_run(["sh", "-c", script])
    if status:
        raise SystemExit(f"the plain command failed: {output.decode()[:2000]}")


def _sandboxed(executor: DockerExecutor, plain: Plain, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        solution = row["prompt"] + row["canonical_solution"]
        rules, limits = RULES[plain.short], Limits(cpu_seconds=5.0)
        verdict = executor.execute(Program(plain.language, solution, row["test"], limits, rules))
        if not verdict.passed:
            raise SystemExit(f"{row['task_id']}: {verdict}")


def _used(client: Any, label: str) -> float:
    """CPU seconds of all containers with `label` so far."""
    found = client.api.containers(filters={"label": label})
    stats = [client.api.stats(item["Id"], stream=False, one_shot=True) for item in found]
    return sum(item["cpu_stats"]["cpu_usage"]["total_usage"] for item in stats) / 1e9


if __name__ == "__main__":
    if not Path(os.environ.get("AIBENCH_DATA", "")).is_dir():
        sys.exit("error: set AIBENCH_DATA to the folder with the public data sets")
    main(*map(int, sys.argv[1:3]), languages=sys.argv[3:])
