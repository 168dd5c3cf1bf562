"""DS-1000: questions about Python's libraries for data, as BigCode's harness asks and judges them.

The data are `ds1000_data.zip`, in the form that the harness uses: a folder for each problem,
by library and mode. In the mode `Completion` a solution follows the prompt; in `Insertion` it is
what stands in place of `[insert]` there. A problem's `test` is JSON: all of the problem that
programs are composed of.
"""

from __future__ import annotations

import base64
import configparser
import hashlib
import json
import re
import zipfile
from collections import defaultdict
from functools import partial
from typing import Any

from pytest_aibench.errors import DataError
from pytest_aibench.problems.benchmark import Benchmark
from pytest_aibench.problems.builtin import ds1000_judge, ds1000_runner
from pytest_aibench.problems.builtin.embedding import embedded
from pytest_aibench.problems.problem import Dataset, Problem
from pytest_aibench.problems.sources import DataSource, Given

__all__ = ["BENCHMARKS", "FILE", "LIBRARIES", "STOP"]

FILE = Given(
    path="ds1000/ds1000_data.zip",
    url="https://raw.githubusercontent.com/HKUNLP/DS-1000/"
    "49c1c543ada8b58138181333cdc62e613204efcf/ds1000_data.zip",
)
LIBRARIES = {
    "numpy": "NumPy",
    "pandas": "pandas",
    "scipy": "SciPy",
    "sklearn": "scikit-learn",
    "matplotlib": "Matplotlib",
}
STOP = ("</code>", "# SOLUTION END")
_TEXTS = ("code_context.txt", "test_code.py", "test_generate_pickle.py", "reference_code.txt")
_OWN_FILES = (*_TEXTS, "prompt.txt", ".cfg")
# A figure that is shown, cleared or saved cannot be looked at afterwards.
_ENDS_A_FIGURE = ("plt.show()", "plt.clf()", "plt.close()", "savefig")
_MARK = "[insert]"
_AT_THE_MARGIN = re.compile(r"^(?=[^\s#])", re.M)
_RUN = 'aibench_spaces = aibench_runner["run"]({program!r}, {files!r}, {cases})\n'
_CHECK = """\
aibench_runner["write"]({hidden!r})
aibench_judge["check"](
    aibench_spaces, cases=aibench_runner["scripts"]({cases}), text={text!r}, **{arguments!r}
)
"""


def _compose(problem: Problem, text: str, whole: bool = False) -> tuple[str, str]:
    facts = json.loads(problem.test)
    if facts["library"] == "Matplotlib":
        text = "\n".join(
            line for line in text.split("\n") if not any(end in line for end in _ENDS_A_FIGURE)
        )
    before, _, after = facts["script"].partition(_MARK)
    # What is still a part of the function that the solution is in is run with it.
    start = _AT_THE_MARGIN.search(after)
    rest = after[start.start() :] if start else ""
    program = before + text + after.removesuffix(rest)
    solution = _RUN.format(program=program, **facts)
    judged = text if facts["judges_text"] else None
    arguments = {"rest": rest, "answers": facts["answers"], "test_code": facts["test_code"]}
    tests = _CHECK.format(text=judged, arguments=arguments, **facts)
    runner = embedded("aibench_runner", ds1000_runner)
    judge = embedded("aibench_judge", ds1000_judge)
    return f"{runner}{solution}", f"\n{runner}{judge}{tests}"


def _load(source: DataSource, library: str, mode: str) -> Dataset:
    path = source.find(FILE)
    files: dict[int, dict[str, bytes]] = defaultdict(dict)
    place = re.compile(rf"(?:.*/)?{library.capitalize()}/{mode}/q(\d+)/(.*[^/])", re.S)
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if found := place.fullmatch(name):
                    files[int(found[1])][found[2]] = archive.read(name)
        problems = [_problem(library, number, files[number]) for number in sorted(files)]
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, configparser.Error) as error:
        raise DataError(f"{path}: not the published file ({error!r}); fetch it again") from error
    if not problems:
        raise DataError(f"{path}: it holds no problem of {library} in the mode {mode}")
    return Dataset(tuple(problems), digest, FILE.url)


def _problem(library: str, number: int, files: dict[str, bytes]) -> Problem:
    texts = {name: files[name].decode() for name in _OWN_FILES}
    facts = configparser.RawConfigParser()
    facts.read_string(texts[".cfg"])
    cases = max(1, facts.getint("test", "test_case_cnt"))
    given = {name: content for name, content in files.items() if name not in _OWN_FILES}
    hidden = {name: given.pop(name) for name in list(given) if name.startswith("ans/")}
    answers = [hidden.pop(f"ans/ans{case}.pkl", None) for case in range(1, cases + 1)]
    return Problem(
        id=f"DS-1000/{library}/{number}",
        prompt=texts["prompt.txt"],
        entry_point="",
        test=_as_json(
            library=facts.get("library", "lib"),
            script=texts["code_context.txt"],
            test_code=texts["test_code.py"],
            judges_text=facts.get("test", "test_type") == "3",
            cases=cases,
            files=given,
            hidden=hidden,
            answers=answers,
        ),
        canonical_solution=texts["reference_code.txt"],
        tags=(facts.get("perturbation", "perturbation_type"),),
        task="write",
        runtime="python-data",
    )


def _as_json(**facts: Any) -> str:
    return json.dumps(facts, default=lambda content: base64.b64encode(content).decode("ascii"))


def _finish(problem: Problem, text: str) -> str:
    return min((text.partition(stop)[0] for stop in STOP), key=len)


def _benchmark(library: str, mode: str) -> Benchmark:
    return Benchmark(
        name=f"ds1000-{library}-{mode.lower()}",
        title=f"DS-1000 ({LIBRARIES[library]}, {mode.lower()})",
        load=partial(_load, library=library, mode=mode),
        compose=_compose,
        stop=STOP,
        finish=_finish,
        cpu_seconds=60.0,
        memory=2 << 30,
        citation="Lai et al., DS-1000, 2022",
        licence="CC-BY-SA-4.0",
    )


# Matplotlib's solutions are all at the end of a prompt: BigCode has no insertion for it either.
BENCHMARKS = tuple(
    _benchmark(library, mode)
    for mode in ("Completion", "Insertion")
    for library in LIBRARIES
    if (library, mode) != ("matplotlib", "Insertion")
)
