"""A harness of the shape of BigCode's, written as a third party would write its tasks.

Nothing in it can execute a candidate: whatever would, raises.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

__all__ = ["write_harness"]

BASE = """
class Task:
    DATASET_PATH = None

    def __init__(self, stop_words=None, requires_execution=True):
        self.stop_words = stop_words
        self.requires_execution = requires_execution
"""

CODE_EVAL = """
def compute_code_eval(predictions, references, k=(1, 10), num_workers=4, timeout=3.0):
    raise RuntimeError("the harness executed a candidate in its own process")
"""

EVALUATION = """
def evaluate_problem(output_dir, problem_json_path, max_workers, input_dir=None):
    raise RuntimeError("the harness executed a candidate in its own process")
"""

ARITHMETIC = '''
from bigcode_eval.base import Task
from bigcode_eval.tasks.custom_metrics.code_eval import compute_code_eval

ROWS = [
    {
        "task_id": f"Arithmetic/{number}",
        "prompt": f"\\ndef {name}(a, b):\\n",
        "canonical_solution": f"    return a {sign} b\\n",
        "test": f"def check(candidate):\\n    assert candidate(6, 3) == {result}\\n",
        "entry_point": name,
    }
    for number, (name, sign, result) in enumerate(
        [("add", "+", 9), ("subtract", "-", 3), ("divide", "//", 2)]
    )
]


class Arithmetic(Task):
    def __init__(self):
        super().__init__(stop_words=["\\ndef", "\\n#", "\\ndef"])

    def get_dataset(self):
        return ROWS

    def get_prompt(self, doc):
        return doc["prompt"].strip()

    def get_reference(self, doc):
        return "\\n" + doc["test"] + f"\\ncheck({doc['entry_point']})"

    def postprocess_generation(self, generation, idx):
        prompt = self.get_prompt(ROWS[idx])
        return prompt + generation[len(prompt):].partition("\\ndef")[0]

    def process_results(self, generations, references):
        print("scoring")
        results, _ = compute_code_eval(
            references=references, predictions=generations, timeout=7.0
        )
        return results


class Numbered(Arithmetic):
    """Documents without ids of their own, and prompts of two parts."""

    def get_dataset(self):
        return [{"task_id": number} for number in (11, 12)]

    def get_prompt(self, doc):
        return {"instruction": f"Say {doc['task_id']}.", "context": "def say():"}

    def get_reference(self, doc):
        return f"assert say() == {doc['task_id']}"

    def postprocess_generation(self, generation, idx):
        return generation


class FilledIn(Numbered):
    def get_prompt(self, doc):
        return {"prefix": "def say():", "suffix": "say()"}


class Compared(Arithmetic):
    """Exact match, although it says that it executes."""

    def process_results(self, generations, references):
        return {"exact": sum(g == [r] for g, r in zip(generations, references))}


class Unread(Arithmetic):
    """Its data cannot be had."""

    def get_dataset(self):
        raise AttributeError("no dataset")


class Prompted(Arithmetic):
    def __init__(self, prompt="plain"):
        super().__init__()
        self.prompt = prompt

    def get_prompt(self, doc):
        return f"[{self.prompt}]" + super().get_prompt(doc)


class Described(Arithmetic):
    def __init__(self, load_data_path=None):
        assert load_data_path is not None, "load_data_path must be specified"
        super().__init__()


class Silent(Arithmetic):
    def __init__(self):
        super().__init__()
        self.requires_execution = False
'''

METRICS = '''
from evaluate import load

from bigcode_eval.tasks.arithmetic import Arithmetic

HEADER = """HEADER"""


class Scored(Arithmetic):
    METRIC, LANGUAGE = "Muennighoff/code_eval_octopack", "python"

    def process_results(self, generations, references):
        metric = load(self.METRIC)
        dataset = self.get_dataset().select(range(len(generations)))
        generations = [
            [f"{HEADER}\\n{doc['entry_point']} {text}" for text in texts]
            for texts, doc in zip(generations, dataset)
        ]
        results, _ = metric.compute(
            references=references, predictions=generations, language=self.LANGUAGE, timeout=10,
            num_workers=1,
        )
        return results


class Rusty(Scored):
    LANGUAGE = "rust"


class Bleu(Scored):
    METRIC = "bleu"
'''

FILES = '''
import json
import os
import tempfile

from bigcode_eval.tasks.arithmetic import Arithmetic
from bigcode_eval.tasks.custom_metrics.multiple_metrics.evaluation import evaluate_problem


class Filed(Arithmetic):
    """Passes candidates through files of fixed names."""

    def process_results(self, generations, references):
        for document, texts, tests in zip(self.get_dataset(), generations, references):
            name = os.path.join(tempfile.gettempdir(), document["entry_point"] + ".json")
            problem = {"language": "js", "completions": texts, "tests": tests}
            with open(name, "w") as file:
                json.dump(problem, file)
            evaluate_problem(tempfile.gettempdir(), name, 1)
'''

# Hugging Face's library takes seconds to import; of it, the adapter knows the name of a function.
EVALUATE = "from evaluate.loading import load"
LOADING = """
def load(path):
    raise RuntimeError("the harness fetched a metric")
"""

SCRIPTS = """
from concurrent.futures import ThreadPoolExecutor

from bigcode_eval.tasks.arithmetic import Arithmetic


def _run_assembled_program(item):
    raise RuntimeError("the harness executed a candidate in its own process")


class Assembled(Arithmetic):
    def process_results(self, generations, references):
        items = [
            {"program": text + "\\n\\n" + tests}
            for texts, tests in zip(generations, references)
            for text in texts
        ]
        with ThreadPoolExecutor() as pool:
            return {"passed": sum(pool.map(_run_assembled_program, items))}
"""

TASKS = """
from bigcode_eval.tasks import arithmetic, files, metrics, studenteval

TASK_REGISTRY = {
    name.lower(): getattr(module, name)
    for module in (arithmetic, files, metrics, studenteval)
    for name in vars(module)
    if name[0].isupper() and isinstance(getattr(module, name), type) and name != "Task"
}
"""


def write_harness(folder: Path, header: str = "") -> None:
    """Packages `bigcode_eval` and `evaluate`; `header` goes before candidates of `Scored`."""
    custom = "bigcode_eval/tasks/custom_metrics"
    sources = {
        "bigcode_eval/base.py": BASE,
        "bigcode_eval/tasks/__init__.py": TASKS,
        "bigcode_eval/tasks/arithmetic.py": ARITHMETIC,
        "bigcode_eval/tasks/metrics.py": METRICS.replace('HEADER"""', header + '"""', 1),
        "bigcode_eval/tasks/files.py": FILES,
        "bigcode_eval/tasks/studenteval.py": SCRIPTS,
        "evaluate/__init__.py": EVALUATE,
        "evaluate/loading.py": LOADING,
        f"{custom}/code_eval.py": CODE_EVAL,
        f"{custom}/multiple_metrics/evaluation.py": EVALUATION,
    }
    for name, source in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source), encoding="utf-8")
