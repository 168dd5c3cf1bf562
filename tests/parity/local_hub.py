"""The data hub, as far as BigCode's tasks ask it, from the folder of `AIBENCH_DATA`.

Loaded before the harness: `import tests.parity.local_hub`, or `pytest -p tests.parity.local_hub`.
`AIBENCH_OCTOPACK` names a folder with OctoPack's metric (`code_eval_octopack.py`, `execute.py`),
which the harness fetches from the hub.
"""

from __future__ import annotations

import functools
import gzip
import importlib
import importlib.util
import json
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import datasets
import evaluate

__all__ = ["load_dataset"]

_TEST_IDS = range(11, 511)


def load_dataset(path: str, name: str | None = None, **_: object) -> Any:
    """`datasets.load_dataset` for the data sets that are here: one split, `test`.

    Raises:
        FileNotFoundError: the folder lacks the file.
        ValueError: the data set is none of those that are here.
    """
    if path not in _ROWS:
        raise ValueError(f"{path} is not among the local data sets ({', '.join(_ROWS)})")
    return datasets.DatasetDict({"test": datasets.Dataset.from_list(_ROWS[path](name or ""))})


def _rows(file: str) -> list[dict[str, Any]]:
    with gzip.open(Path(os.environ["AIBENCH_DATA"]) / file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _mbpp(_: str) -> list[dict[str, Any]]:
    return [row for row in _rows("mbpp/mbpp.jsonl.gz") if row["task_id"] in _TEST_IDS]


_ROWS: dict[str, Callable[[str], list[dict[str, Any]]]] = {
    "openai_humaneval": lambda _: _rows("humaneval/HumanEval.jsonl.gz"),
    "mbpp": _mbpp,
    "bigcode/humanevalpack": lambda name: _rows(
        f"humanevalpack/humanevalpack_{name}_even.jsonl.gz"
    ),
    "nuprl/MultiPL-E": lambda name: _rows(f"multipl-e/{name}.jsonl.gz"),
    "evalplus/humanevalplus": lambda _: _rows("evalplus/HumanEvalPlus-OriginFmt.jsonl.gz"),
    "evalplus/mbppplus": lambda _: _rows("evalplus/MbppPlus-OriginFmt.jsonl.gz"),
}


def _add_cpp() -> None:
    """Give MultiPL-E's task in C++ its name: the harness's list of languages lacks a comma, so that
    it has `multiple-cljcpp` instead."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tasks = importlib.import_module("bigcode_eval.tasks")
    tasks.TASK_REGISTRY["multiple-cpp"] = tasks.multiple.create_task("cpp")


def _load_metric(path: str, *arguments: Any, **options: Any) -> Any:
    folder = os.environ.get("AIBENCH_OCTOPACK")
    if path == "Muennighoff/code_eval_octopack" and folder:
        path = str(Path(folder) / "code_eval_octopack.py")
    return _LOAD_METRIC(path, *arguments, **options)


def _import_without_torch(name: str) -> None:
    """Import a module that wants torch for the harness's own models, which score nothing."""
    data = ModuleType("torch.utils.data")
    data.IterableDataset = object  # type: ignore[attr-defined]
    stand_ins = {part: ModuleType(part) for part in ("torch", "torch.utils")}
    sys.modules.update({**stand_ins, data.__name__: data})
    importlib.import_module(name)
    for part in (*stand_ins, data.__name__):
        del sys.modules[part]


_LOAD_METRIC = evaluate.load
datasets.load_dataset = load_dataset
# By its name and module the adapter knows what loads a metric.
evaluate.load = functools.update_wrapper(_load_metric, _LOAD_METRIC)
if importlib.util.find_spec("torch") is None:
    _import_without_torch("bigcode_eval.utils")
_add_cpp()
