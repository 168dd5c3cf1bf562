"""MultiPL-E: a file a problem, with its completions or with the results of its programs.

`PROBLEM.json.gz` holds the problem (`name`, `language`, `prompt`, `tests`, sampling parameters,
`stop_tokens`) and `completions`; `PROBLEM.results.json[.gz]` the same with `results` in their
place, each with the whole `program`, its output, `exit_code`, `status` and `timestamp`. A program
is prompt + completion, newline, tests (MultiPL-E, `evaluation/src/containerized_eval.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_aibench.errors import DataError
from pytest_aibench.interop.counting import by_task
from pytest_aibench.interop.samples import FileSample, Losses, SampleFile, judged, whole_program
from pytest_aibench.interop.textfiles import field_of, file_name, read_json, read_value, write_json
from pytest_aibench.models.base import ReplyForm
from pytest_aibench.problems.problem import Problem

__all__ = ["MultiPLE"]

_SHORT = {"cpp": "cpp", "java": "java", "javascript": "js", "python": "py"}


class MultiPLE:
    """`multipl-e` and `multipl-e-results`: a folder, or the file of one problem.

    Samples are whole solutions, the file's own prompt included: a reworded prompt stays what it
    was. Solutions that do not begin with the prompt are written as MultiPL-E's chat models give
    them: `prompt` is empty, and `original_prompt` holds it.
    """

    def __init__(self, *, results: bool) -> None:
        self.name = "multipl-e-results" if results else "multipl-e"
        self._list = "results" if results else "completions"
        self._results = results

    def detect(self, path: Path) -> bool:
        first = min(self._files(path), default=None)
        content = None if first is None else read_value(first)
        return (
            isinstance(content, dict)
            and {"name", "language", "prompt"} <= content.keys()
            and (isinstance(content.get(self._list), list))
        )

    def _files(self, path: Path) -> list[Path]:
        if path.is_dir():
            found = [f for name in ("*.json", "*.json.gz") for f in path.glob(name)]
            return sorted(f for f in found if (".results.json" in f.name) is self._results)
        return [path] if path.is_file() else []

    def read(self, path: Path, problems: Sequence[Problem] = ()) -> SampleFile:
        samples: list[FileSample] = []
        facts: dict[str, Any] = {}
        for file in self._files(path):
            content = read_json(file)
            where = str(file)
            name = field_of(content, "name", str, where)
            if name in facts:
                raise DataError(f"{where}: another file of the folder is of {name} too; keep one")
            facts[name] = {key: value for key, value in content.items() if key != self._list}
            facts[name]["file"] = file.name
            samples += self._samples(name, content, where)
        if not facts:
            raise DataError(f"{path}: no file of {self.name} is there")
        return SampleFile(self.name, tuple(samples), {"problems": facts})

    def _samples(self, name: str, content: dict[str, Any], where: str) -> Iterator[FileSample]:
        prompt = field_of(content, "prompt", str, where)
        tests = field_of(content, "tests", str, where)
        for number, entry in enumerate(field_of(content, self._list, list, where)):
            here = f"{where}: {self._list}[{number}]"
            if self._results:
                yield _judged(name, number, entry, tests, here)
            elif isinstance(entry, str):
                yield FileSample(name, number, prompt + entry, ReplyForm.SOLUTION)
            else:
                raise DataError(f"{here} is not a text")

    def write(self, file: SampleFile, path: Path, problems: Sequence[Problem] = ()) -> Losses:
        losses = Losses()
        known = {problem.id: problem for problem in problems}
        heads = file.facts["problems"] if file.format == self.name else {}
        samples = judged(file, losses, self.name) if self._results else file.samples
        tasks = by_task(samples)
        for task in dict.fromkeys([*heads, *tasks]):
            head = dict(heads.get(task) or _head(task, known, file.facts.get("settings", {})))
            name = file_name(head.pop("file", _file_name(task, self._results)))
            found = tasks.get(task, [])
            codes = [whole_program(s, known.get(task)) for s in found]
            if not all(code is None or code.startswith(head["prompt"]) for code in codes):
                head |= {"prompt": "", "original_prompt": head["prompt"]}
            entries = [
                self._entry(file, sample, head, code, losses)
                for sample, code in zip(found, codes, strict=True)
            ]
            place = path if path.suffix in (".json", ".gz") and len(heads) == 1 else path / name
            write_json(place, {**head, self._list: entries})
        return losses

    def _entry(
        self,
        file: SampleFile,
        sample: FileSample,
        head: Mapping[str, Any],
        code: str | None,
        losses: Losses,
    ) -> Any:
        extra = losses.add_fields(file, sample, self.name)
        if code is None:
            losses.add("replies without code, written as empty ones")
        if self._results:
            program = f"{code or ''}\n{head['tests']}"
            return {"program": program, **(extra or _status(sample))}
        if sample.passed is not None:
            losses.add("verdicts")
        return (code or "").removeprefix(head["prompt"])


def _file_name(task: str, results: bool) -> str:
    return f"{file_name(task)}{'.results' * results}.json.gz"


def _judged(name: str, number: int, entry: Any, tests: str, where: str) -> FileSample:
    program = field_of(entry, "program", str, where)
    status = field_of(entry, "status", str, where)
    if not program.endswith(f"\n{tests}"):
        raise DataError(f"{where}: the program does not end with the tests of its file")
    return FileSample(
        task_id=name,
        sample=number,
        text=program.removesuffix(f"\n{tests}"),
        form=ReplyForm.SOLUTION,
        passed=status == "OK",
        result={"OK": "passed", "Timeout": "timeout"}.get(status, status),
        extra={key: value for key, value in entry.items() if key != "program"},
    )


def _status(sample: FileSample) -> dict[str, Any]:
    failed = {"timeout": "Timeout", "compile_error": "SyntaxError"}.get(sample.result, "Exception")
    status = "OK" if sample.passed else failed
    exit_code = {"OK": 0, "Timeout": -1}.get(status, 1)
    return {"stdout": "", "stderr": "", "exit_code": exit_code, "status": status}


def _head(task: str, known: Mapping[str, Problem], settings: Mapping[str, Any]) -> dict[str, Any]:
    """What MultiPL-E's files tell of a problem, as far as problem and run tell it."""
    problem = known.get(task)
    if problem is None:
        raise DataError(f"{task} is no problem of the benchmark; name that with --benchmark")
    sampling = {name: settings.get(name) for name in ("temperature", "top_p", "max_tokens")}
    return {
        "name": task,
        "language": _SHORT[problem.language],
        **{name: value for name, value in sampling.items() if value is not None},
        "prompt": problem.prompt,
        "tests": problem.test,
    }
