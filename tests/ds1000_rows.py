"""Problems of our own in the form of DS-1000."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import Any

from pytest_aibench.problems import DataSource, Problem, get_benchmark

__all__ = ["load", "write_rows"]

_CONFIG = """\
[library]
lib = {library}

[test]
test_type = {type}
test_case_cnt = {cases}

[perturbation]
perturbation_type = Origin
perturbation_origin_id = 0
"""
_HEAD = """\
import argparse
import pickle
parser = argparse.ArgumentParser()
parser.add_argument("--test_case", type=int, default=1)
args = parser.parse_args()
import numpy as np
a = pickle.load(open(f"input/input{args.test_case}.pkl", "rb"))
"""
_TAIL = """\
with open(f"result/result_{args.test_case}.pkl", "wb") as file:
    pickle.dump(result, file)
"""
_EQUAL = "import numpy as np\ndef test(result, ans):\n    return int(np.array_equal(result, ans))\n"
_NO_LOOP = """\
import parser
def flat(tree):
    return sum(map(flat, tree), []) if isinstance(tree, list) else [tree]
def stringTest(code):
    return "for" not in flat(parser.st2list(parser.suite(code)))
"""
_PLOT = """\
import argparse
import pickle
import matplotlib.pyplot as plt
parser = argparse.ArgumentParser()
parser.add_argument("--test_case", type=int, default=1)
args = parser.parse_args()
[insert]
plt.savefig("result/plot.png")
if open("ans/oracle_plot.png", "rb").read() == open("result/plot.png", "rb").read():
    with open("result/result_1.pkl", "wb") as file:
        pickle.dump(True, file)
(line,) = plt.gca().lines
assert line.get_color() == "red"
with open("result/result_1.pkl", "wb") as file:
    pickle.dump(True, file)
"""
_INPUTS = [[1, 2, 3], [4, 5, 6]]
_DOUBLED = [[2, 4, 6], [8, 10, 12]]


def _row(prompt: str, context: str, reference: str, test: str, **more: Any) -> dict[str, Any]:
    texts = {
        "prompt.txt": prompt,
        "code_context.txt": context,
        "reference_code.txt": reference,
        "test_code.py": test,
        "test_generate_pickle.py": "",
    }
    facts = {"library": "Numpy", "type": 1, "cases": 2, **more.pop("facts", {})}
    pickles = {
        f"{kind}{case}.pkl": pickle.dumps(values[case - 1], protocol=4)
        for kind, values in (("input/input", _INPUTS), ("ans/ans", _DOUBLED))
        for case in range(1, facts["cases"] + 1)
    }
    return {".cfg": _CONFIG.format(**facts), **texts, **pickles, **more}


_DOUBLE = "Double the list `a`.\nA:\n<code>\na = [1]\n</code>\nBEGIN SOLUTION\n<code>\n"
ROWS = {
    "Numpy/Completion/q0": _row(
        _DOUBLE, f"{_HEAD}[insert]\n{_TAIL}", "result = 2 * np.array(a)\n", _EQUAL
    ),
    "Numpy/Completion/q1": _row(
        _DOUBLE, f"{_HEAD}[insert]\n{_TAIL}", "result = 2 * np.array(a)\n", _EQUAL + _NO_LOOP,
        facts={"type": 3},
    ),
    "Numpy/Insertion/q0": _row(
        "Double it.\n<code>\ndef f(a):\n[insert]\n    return result\n</code>\n",
        f"{_HEAD}def f(a):\n[insert]\n    # back\n    return result\nresult = f(a)\n{_TAIL}",
        "    result = 2 * np.array(a)\n",
        _EQUAL,
    ),
    "Matplotlib/Completion/q0": _row(
        "import matplotlib.pyplot as plt\n# a red line\n# SOLUTION START\n",
        _PLOT,
        "plt.plot([1, 2], color='red')\nplt.show()\n",
        "def test(result, ans=None):\n    return 1\n",
        facts={"library": "Matplotlib", "type": 0, "cases": 1},
        **{"ans/oracle_plot.png": b"no such figure"},
    ),
}  # fmt: skip


def write_rows(folder: Path, rows: Any = ROWS) -> DataSource:
    """`rows` where the benchmarks look for them."""
    path = folder / "ds1000" / "ds1000_data.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for row, files in rows.items():
            for name, content in files.items():
                archive.writestr(f"ds1000_data/{row}/{name}", content)
    return DataSource(folder, folder, allow_download=False)


def load(folder: Path, name: str) -> tuple[Problem, ...]:
    """The problems of the benchmark `name`, of rows written to `folder`."""
    return get_benchmark(name).load(write_rows(folder)).problems
