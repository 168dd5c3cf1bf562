"""Problems written for people: a folder of Markdown files, one a topic.

A file begins with the topic, `# Strings`. A problem begins with its id, entry point and
difficulty, ``## Basics/0 `count_vowels` (easy)``, and is made of fenced blocks, whose info
string is the language and the part:

    ```python prompt        imports, signature, docstring
    ```python solution      continues the prompt
    ```python wrong         continues the prompt; the tests must reject it; any number of them
    ```python tests         defines check(candidate)

A problem may hold these blocks in several languages. All other lines are prose. The entry point is
written in snake case; JavaScript and Java spell it in camel case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pytest_aibench.errors import DataError
from pytest_aibench.problems.problem import Dataset, Problem, digest_of
from pytest_aibench.problems.rules import check_entry_point, check_task_id

__all__ = ["parse_booklet", "read_booklet"]

_HEADING = re.compile(r"## (?P<id>\S+) `(?P<entry_point>\S+)` \((?P<difficulty>\w+)\)")
_CAMEL_CASE = ("javascript", "java")
_PARTS = ("prompt", "solution", "wrong", "tests")


@dataclass
class _Draft:
    """A problem while its section is read."""

    id: str
    entry_point: str
    tags: tuple[str, ...]
    parts: dict[str, list[str]] = field(default_factory=lambda: {part: [] for part in _PARTS})


def read_booklet(folder: Path, language: str) -> Dataset:
    """The problems of every `*.md` in `folder`, files in the order of their names.

    The digest is that of the problems in `language`: prose and other languages leave it alone.

    Raises:
        DataError: no problems there, or a malformed one (file, line and reason).
    """
    problems: dict[str, Problem] = {}
    for path in sorted(folder.glob("*.md")):
        for problem in parse_booklet(path.read_text(encoding="utf-8"), language, str(path)):
            if problem.id in problems:
                raise DataError(f"{path}: task_id {problem.id!r} is not unique")
            problems[problem.id] = problem
    if not problems:
        raise DataError(f"{folder} holds no {language} problems; reinstall the package")
    found = tuple(problems.values())
    return Dataset(found, digest_of(found), str(folder))


def parse_booklet(text: str, language: str, source: str) -> Iterator[Problem]:
    """The problems in the text of one file that are given in `language`.

    Raises:
        DataError: a malformed heading, block or problem (source, line and reason).
    """
    topic, draft = "", None
    lines = enumerate(text.splitlines(keepends=True), start=1)
    for number, line in lines:
        if line.startswith("# "):
            topic = line[2:].strip().lower()
        elif line.startswith("## "):
            yield from _finish(draft, language, source)
            draft = _begin(line, topic, language, f"{source}, line {number}")
        elif line.startswith("```"):
            place = f"{source}, line {number}"
            _store(draft, line, _block(lines, place), language, place)
    yield from _finish(draft, language, source)


def _begin(line: str, topic: str, language: str, place: str) -> _Draft:
    match = _HEADING.fullmatch(line.strip())
    if match is None:
        raise DataError(f"{place}: expected '## ID `entry_point` (difficulty)', got {line!r}")
    try:
        return _Draft(
            id=check_task_id(match["id"]),
            entry_point=check_entry_point(_spelt(match["entry_point"], language), language),
            tags=(topic, match["difficulty"]),
        )
    except ValueError as error:
        raise DataError(f"{place}: {error}") from error


def _spelt(name: str, language: str) -> str:
    if language not in _CAMEL_CASE:
        return name
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _block(lines: Iterator[tuple[int, str]], place: str) -> str:
    block: list[str] = []
    for _, line in lines:
        if line.rstrip() == "```":
            return "".join(block)
        block.append(line)
    raise DataError(f"{place}: the fenced block is not closed")


def _store(draft: _Draft | None, fence: str, block: str, language: str, place: str) -> None:
    language_of_block, _, part = fence[3:].strip().partition(" ")
    if draft is None or part not in _PARTS:
        raise DataError(f"{place}: a block must be one of {', '.join(_PARTS)} of a problem")
    if language_of_block == language:
        draft.parts[part].append(block)


def _finish(draft: _Draft | None, language: str, source: str) -> Iterator[Problem]:
    if draft is None or not any(draft.parts.values()):
        return
    for part in ("prompt", "solution", "tests"):
        if len(draft.parts[part]) != 1:
            raise DataError(f"{source}: {draft.id} needs one {part!r} block in {language}")
    yield Problem(
        id=draft.id,
        prompt=draft.parts["prompt"][0],
        entry_point=draft.entry_point,
        test=draft.parts["tests"][0],
        canonical_solution=draft.parts["solution"][0],
        language=language,
        wrong_solutions=tuple(draft.parts["wrong"]),
        tags=draft.tags,
    )
